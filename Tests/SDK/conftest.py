"""What the tests share: providers and gateways that end with their test, and one real model for all."""

import os
import select
import socket
import subprocess

import pytest

# Without it LiteLLM fetches a table of prices from the network when it is imported.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
pytest.register_assert_rewrite("gateway")

from gateway import ROOT, Gateway, entry
from provider import Provider


@pytest.fixture
def make_provider():
    """Makes providers of a reply, or of a function from request to reply."""
    providers = []

    def make(reply):
        providers.append(Provider(reply))
        return providers[-1]

    yield make
    for provider in providers:
        provider.close()


@pytest.fixture
def make_gateway(tmp_path):
    """Makes a gateway in front of providers, given in the order in which it asks them."""
    gateways = []

    def make(*providers, sections=""):
        configuration = f"{sections}\nproviders:\n" + "".join(providers)
        gateways.append(Gateway(tmp_path, configuration))
        return gateways[-1]

    yield make
    for gateway in gateways:
        gateway.close()


@pytest.fixture
def serve(make_provider, make_gateway):
    """Makes one provider called `first` and a gateway in front of it; gives both."""

    def make(reply, kind="openai", sections="", **keys):
        provider = make_provider(reply)
        return make_gateway(entry("first", provider.url, kind, **keys), sections=sections), provider

    return make


@pytest.fixture(scope="session")
def real_model():
    """The base URL of the real model's server; its tests are skipped where it cannot run."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [ROOT / "scripts/real-model", "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    )
    said = []
    # The first time it installs 700 MB.
    while select.select([process.stdout], [], [], 900)[0] and (line := process.stdout.readline()):
        if line.startswith("ready:"):
            break
        said.append(line)
    else:
        process.kill()
        process.wait()
        pytest.skip("the real model cannot run here: " + "".join(said[-3:]).strip())
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()
