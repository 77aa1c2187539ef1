'use strict';
// The form, and what became of the prompt.

const byID = (id) => document.getElementById(id);

/** An element with a class and text. Data only ever becomes text, never markup. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

let running = null;

byID('ask').addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) send();
});
byID('prompt').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) byID('ask').requestSubmit();
});
byID('stop').addEventListener('click', () => running?.abort());
byID('copy').addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(byID('answer-text').textContent);
    byID('copy').textContent = 'Copied';
  } catch {
    byID('copy').textContent = 'Not allowed';
  }
  setTimeout(() => { byID('copy').textContent = 'Copy'; }, 1500);
});

/** The request as the form says it; what is left empty is left out. */
function requestBody() {
  const body = { prompt: byID('prompt').value };
  const preference = document.querySelector('input[name=preference]:checked').value;
  const maxTokens = byID('max-tokens').valueAsNumber;
  if (preference) body.preference = preference;
  if (byID('model').value.trim()) body.model = byID('model').value.trim();
  if (byID('user').value.trim()) body.user_id = byID('user').value.trim();
  if (Number.isFinite(maxTokens)) body.max_tokens = maxTokens;
  if (byID('stream').checked) body.stream = true;
  return body;
}

async function send() {
  running = new AbortController();
  showRunning(true);
  byID('failure').hidden = true;
  byID('answer').hidden = true;
  byID('answer-text').textContent = '';
  try {
    const answer = await gateway.generate(requestBody(), running.signal, (delta) => {
      if (byID('answer').hidden) showFirstPiece();
      byID('answer-text').append(delta);
    });
    showAnswer(answer);
  } catch (error) {
    showFailure(running.signal.aborted ? stopped() : error);
  } finally {
    running = null;
    byID('answer-text').removeAttribute('aria-busy');
    showRunning(false);
    refresh();
  }
}

function stopped() {
  return new GatewayError('Stopped', 'You stopped the request.', 'What was delivered until then is charged.');
}

function showRunning(isRunning) {
  byID('send').disabled = isRunning;
  byID('send').textContent = isRunning ? 'Waiting…' : 'Send';
  byID('stop').hidden = !isRunning;
}

/** A streamed answer begins; a screen reader waits for its end. */
function showFirstPiece() {
  byID('answer').hidden = false;
  byID('answer-text').setAttribute('aria-busy', 'true');
  byID('facts').replaceChildren();
  byID('attempts').replaceChildren();
  byID('warnings').hidden = true;
}

function showAnswer({ value, exact }) {
  byID('answer').hidden = false;
  byID('answer-text').textContent = value.response ?? '';
  byID('facts').replaceChildren(...facts(value, exact));
  byID('attempts').replaceChildren(...attemptItems(value.attempts));
  const warnings = value.warnings ?? [];
  byID('warnings').hidden = warnings.length === 0;
  byID('warnings').replaceChildren(...warnings.map((text) => element('li', '', String(text))));
}

function facts(value, exact) {
  const usage = value.usage ?? {};
  const parts = [`${count(usage.prompt_tokens)} in`, `${count(usage.completion_tokens)} out`];
  if (usage.cached_tokens) parts.push(`${count(usage.cached_tokens)} cached`);
  if (usage.reasoning_tokens) parts.push(`${count(usage.reasoning_tokens)} reasoning`);
  if (usage.estimated) parts.push('estimated');
  const rows = [
    ['Provider', value.provider],
    ['Model', value.modelUsed],
    ['Cost', money(exact.cost)],
    ['Tokens', count(value.tokens ?? usage.total_tokens), value.usage && parts.join(' · ')],
    ['Latency', seconds(value.latency)],
    ['Intent', value.intent],
    ['Finish', value.finish_reason],
    ['Request', value.id],
  ];
  return rows.filter(([, text]) => text).map(([name, text, more]) => fact(name, text, more));
}

function fact(name, text, more) {
  const row = element('div');
  row.append(element('dt', '', name), element('dd', '', text));
  if (more) row.lastChild.append(element('span', 'note', more));
  return row;
}

function attemptItems(attempts) {
  return (Array.isArray(attempts) ? attempts : []).map((attempt) => {
    const item = element('li', attempt.outcome === 'success' ? 'good' : 'bad');
    item.append(
      element('b', '', attempt.provider ?? '?'), ' ',
      element('span', '', String(attempt.outcome ?? '').replaceAll('_', ' ')), ' ',
      element('span', 'note', Number.isFinite(attempt.latency) ? seconds(attempt.latency) : ''));
    return item;
  });
}

function showFailure(error) {
  const isOurs = error instanceof GatewayError;
  byID('failure-title').textContent = isOurs ? error.title : 'The answer could not be read';
  byID('failure-message').textContent = error.message;
  byID('failure-advice').textContent = isOurs ? error.advice : 'Send it again.';
  byID('failure-attempts').replaceChildren(...attemptItems(error.attempts));
  byID('failure-request').textContent = error.requestID ? `Request ${error.requestID}` : '';
  byID('failure').hidden = false;
}
