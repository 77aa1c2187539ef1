'use strict';
// The gateway's address, the key, and how it is asked.

/** A refusal or a failure, in the words the page shows. */
class GatewayError extends Error {
  constructor(title, message, advice, details = {}) {
    super(message);
    this.title = title;
    this.advice = advice;
    this.requestID = details.request_id;
    this.attempts = details.attempts ?? [];
    this.isUnreachable = details.isUnreachable ?? false;
  }
}

const gateway = {
  /** Without a slash at the end. */
  address: '',
  key: '',

  /** A page from the gateway asks the gateway it came from; a page from disk asks the usual port. */
  get ownAddress() {
    if (location.protocol === 'file:') return 'http://127.0.0.1:8000';
    return new URL('..', location.href).href.replace(/\/$/, '');
  },

  /** The key and `others` as what is sent; throws a GatewayError when a browser would not send them. */
  headers(others) {
    try {
      return new Headers({ ...(this.key && { Authorization: `Bearer ${this.key}` }), ...others });
    } catch {
      throw new GatewayError(
        'Not sent',
        'The API key or a header has a character that no header may have.',
        'Write it in plain letters, digits and signs.');
    }
  },

  /** Asks and returns the answer's head; throws a GatewayError when there is none. */
  async fetch(path, options = {}) {
    const headers = this.headers(options.headers);
    try {
      return await fetch(this.address + path, { cache: 'no-store', ...options, headers });
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new GatewayError(
        'Gateway not reachable',
        `Gateway not reachable at ${this.address}.`,
        'Start it with scripts/run, or correct the address under Connection.',
        { isUnreachable: true });
    }
  },

  /** The state at `path`, as `{ value, exact }`: the JSON, and the JSON with its numbers as text. */
  async get(path) {
    const response = await this.fetch(path, { signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (!response.ok) throw errorFrom(response, text);
    return readBoth(text, path);
  },

  /**
   * Sends a prompt. `onDelta` gets each piece of a streamed answer. Returns `{ value, exact }`.
   */
  async generate(body, signal, onDelta) {
    const response = await this.fetch('/generate', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream');
    if (!response.ok || !isStream) {
      const text = await response.text();
      if (!response.ok) throw errorFrom(response, text);
      return readBoth(text, '/generate');
    }
    return readStream(response, signal, onDelta);
  },
};

const resendAdvice = 'What arrived is shown; send the prompt again.';

function readBoth(text, path) {
  try {
    return { value: JSON.parse(text), exact: parseExact(text) };
  } catch {
    throw new GatewayError(
      'Not an answer of the gateway',
      `What ${gateway.address}${path} sent is not JSON.`,
      'Check the address under Connection: another server may be listening there.');
  }
}

/**
 * The body's text, piece by piece as it comes. A stream that broke off ends with an event that says why and without a
 * proper end; a browser that sees both at once throws the event away and reports only the break.
 */
async function* pieces(response, signal) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      throw signal.aborted ? error : cut(response);
    });
    if (done) return;
    yield value;
  }
}

function cut(response) {
  return new GatewayError(
    'The answer was cut',
    'The stream ended before the answer was complete.',
    resendAdvice,
    { request_id: response.headers.get('x-request-id') });
}

/** Reads server-sent events: pieces, then the whole answer, then [DONE]. */
async function readStream(response, signal, onDelta) {
  let rest = '';
  let answer = null;
  for await (const piece of pieces(response, signal)) {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data:')) continue;
      const data = line.slice(5).trim();
      if (data === '[DONE]') continue;
      const event = readBoth(data, '/generate');
      if (event.value.error) throw errorFrom(response, data);
      if (typeof event.value.delta === 'string') onDelta(event.value.delta);
      else answer = event;
    }
  }
  if (answer) return answer;
  throw cut(response);
}

function errorFrom(response, text) {
  let body = {};
  try { body = JSON.parse(text); } catch { /* A proxy between may answer with a page of its own. */ }
  const error = typeof body.error === 'object' && body.error !== null ? body.error : {};
  const code = error.code ?? error.type;
  const title = response.ok ? 'The stream failed' : `${response.status} ${response.statusText}`.trim();
  return new GatewayError(
    code ? `${title} · ${code}` : title,
    error.message ?? 'The gateway gave no reason.',
    response.ok ? resendAdvice : advice(response.status, response.headers.get('Retry-After')),
    { request_id: error.request_id, attempts: error.attempts ?? body.attempts });
}

function advice(status, retryAfter) {
  const wait = retryAfter ? `in ${retryAfter} s` : 'in a moment';
  switch (status) {
    case 400: return 'Correct the request and send it again.';
    case 401: return 'Enter a valid API key under Connection.';
    case 402: return 'Raise the budget in providers.yaml, ask for fewer tokens, or use another user or key.';
    case 403: return 'This key or this page’s origin is not allowed to do that.';
    case 404: return 'Choose a model from the list, or leave it at auto.';
    case 413: return 'Shorten the prompt.';
    case 429: return `Send it again ${wait}.`;
    case 502: return 'Every provider failed; the attempts say how. Send it again, or check the providers.';
    case 503: return `No provider can be called now; the list shows why. Send it again ${wait}.`;
    case 504: return 'Send it again, or raise the timeout.';
    default: return '';
  }
}
