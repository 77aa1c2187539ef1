'use strict';
// Every operation with a form to fill in and send.

/** Characters of an answer that are shown; a page of a browser gets slow with more. */
const maximumShown = 500_000;

let lastForm = 0;

/** Tells those who listen to the page how a request ended; a region that is there from the start is read out. */
function announce(text) {
  document.getElementById('announcer').textContent = text;
}

/** A field with its label; returns both in one box. */
function field(name, control, description) {
  const box = element('div', 'field');
  const label = element('label', '', name);
  control.id = `field-${lastForm += 1}`;
  label.htmlFor = control.id;
  box.append(label, control);
  if (description) {
    const note = prose('p', 'note', description);
    note.id = `${control.id}-note`;
    control.setAttribute('aria-describedby', note.id);
    box.append(note);
  }
  return box;
}

function option(text, value) {
  const made = element('option', '', text);
  made.value = value;
  return made;
}

/** The control for a parameter: a choice where the document lists the values. */
function parameterControl({ schema, example, required }) {
  if (schema.enum) {
    const select = element('select');
    select.append(...(required ? [] : [option('–', '')]), ...schema.enum.map((value) => option(value, value)));
    return select;
  }
  const input = element('input');
  input.autocomplete = 'off';
  input.spellcheck = false;
  input.value = example ?? '';
  input.placeholder = String(schema.default ?? schema.examples?.[0] ?? 'none');
  return input;
}

/** One operation's form, and where its answer goes. */
class Trial {
  constructor({ path, method, operation }) {
    this.path = path;
    this.method = method.toUpperCase();
    this.form = element('form', 'trial');
    this.parameters = (operation.parameters ?? []).map((node) => {
      const parameter = reference.resolve(node);
      const control = parameterControl(parameter);
      control.required = parameter.required;
      return { ...parameter, control };
    });
    if (this.parameters.length > 0) {
      const row = element('div', 'parameters');
      row.append(...this.parameters.map(({ name, control, description }) => field(name, control, description)));
      this.form.append(row);
    }
    if (operation.requestBody) this.addBody(operation.requestBody);
    this.addActions();
    this.form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (!this.running) this.send();
    });
    this.answer = element('section', 'trial-answer');
    this.answer.hidden = true;
    this.form.append(this.answer);
  }

  addBody(requestBody) {
    const [{ examples }] = reference.contents(requestBody);
    this.body = element('textarea', 'code');
    this.body.spellcheck = false;
    const fill = ({ value }) => {
      this.body.value = exampleText(value);
      this.body.rows = Math.min(24, this.body.value.split('\n').length + 1);
    };
    if (examples.length > 1) {
      const select = element('select');
      select.append(...examples.map(({ title }, index) => option(title, String(index))));
      select.addEventListener('change', () => fill(examples[Number(select.value)]));
      this.form.append(field('Example', select));
    }
    if (examples.length > 0) fill(examples[0]);
    this.body.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.form.requestSubmit();
    });
    this.form.append(field('Body', this.body));
  }

  addActions() {
    this.button = element('button', '', 'Send');
    this.button.type = 'submit';
    this.stop = element('button', 'quiet', 'Stop');
    this.stop.type = 'button';
    this.stop.hidden = true;
    this.stop.addEventListener('click', () => this.running?.abort());
    const copy = element('button', 'quiet', 'Copy as curl');
    copy.type = 'button';
    copy.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(this.curl());
        copy.textContent = 'Copied';
      } catch {
        copy.textContent = 'Not allowed';
      }
      setTimeout(() => { copy.textContent = 'Copy as curl'; }, 1500);
    });
    const row = element('div', 'actions');
    row.append(this.button, this.stop, copy);
    this.form.append(row);
  }

  /** The path with its parameters filled in; a name in a path may have slashes. */
  target() {
    const query = new URLSearchParams();
    let path = this.path;
    for (const { name, in: place, control } of this.parameters) {
      const value = control.value.trim();
      if (place === 'path') path = path.replace(`{${name}}`, encodeURIComponent(value).replaceAll('%2F', '/'));
      else if (place === 'query' && value) query.set(name, value);
    }
    return path + (query.size > 0 ? `?${query}` : '');
  }

  /** The headers that are filled in. */
  headers() {
    const filled = this.parameters.filter(({ in: place, control }) => place === 'header' && control.value.trim());
    return Object.fromEntries(filled.map(({ name, control }) => [name, control.value.trim()]));
  }

  /** The same as a shell command; the key is left for the reader to put in. */
  curl() {
    const quoted = (text) => `'${text.replaceAll("'", `'\\''`)}'`;
    const parts = [`curl -sN ${quoted(gateway.address + this.target())}`];
    if (gateway.key) parts.push('-H "Authorization: Bearer $TOLLGATE_KEY"');
    for (const [name, value] of Object.entries(this.headers())) parts.push(`-H ${quoted(`${name}: ${value}`)}`);
    if (this.body) parts.push(`-d ${quoted(this.body.value)}`);
    return parts.join(' \\\n  ');
  }

  async send() {
    this.running = new AbortController();
    this.showRunning(true);
    this.answer.hidden = false;
    this.answer.setAttribute('aria-busy', 'true');
    this.answer.replaceChildren(element('p', 'note', 'Waiting…'));
    const started = performance.now();
    try {
      const response = await gateway.fetch(this.target(), {
        method: this.method,
        headers: this.body ? { 'Content-Type': 'application/json', ...this.headers() } : this.headers(),
        body: this.body?.value,
        signal: this.running.signal,
      });
      const text = this.showHead(response);
      await this.readBody(response, text);
      if (response.status === 401) this.answer.append(element('p', 'trial-failure', advice(401)));
      this.answer.querySelector('.took').textContent = seconds((performance.now() - started) / 1000);
      announce(`${this.path}: ${response.status} ${response.statusText}`);
    } catch (error) {
      const message = this.running.signal.aborted ? 'You stopped the request.' : `${error.message} ${error.advice ?? ''}`;
      this.answer.querySelector(':scope > .note')?.remove();
      this.answer.append(element('p', 'trial-failure', message.trim()));
      announce(message);
    } finally {
      this.running = null;
      this.answer.removeAttribute('aria-busy');
      this.showRunning(false);
    }
  }

  showRunning(isRunning) {
    this.button.disabled = isRunning;
    this.button.textContent = isRunning ? 'Waiting…' : 'Send';
    this.stop.hidden = !isRunning;
  }

  /** Shows status and headers; returns the element that the body goes into. */
  showHead(response) {
    const head = element('p', 'status');
    const status = element('b', response.ok ? 'good' : 'bad', `${response.status} ${response.statusText}`.trim());
    head.append(status, ' ', element('span', 'note took'));
    const headers = element('dl', 'headers');
    for (const [name, value] of response.headers) {
      const row = element('div');
      row.append(element('dt', '', name), element('dd', '', value));
      headers.append(row);
    }
    const fold = element('details');
    fold.append(element('summary', '', 'Headers'), headers);
    const text = element('pre', 'code');
    text.tabIndex = 0;
    text.setAttribute('aria-label', 'Answer');
    this.answer.replaceChildren(head, fold, text);
    return text;
  }

  /** A stream is shown piece by piece as it comes, anything else once it is whole. */
  async readBody(response, text) {
    if (!response.headers.get('Content-Type')?.startsWith('text/event-stream')) {
      const whole = await response.text();
      text.textContent = pretty(whole).slice(0, maximumShown);
      return;
    }
    let shown = 0;
    for await (const piece of pieces(response, this.running.signal)) {
      if (shown < maximumShown) text.append(piece);
      shown += piece.length;
      text.scrollTop = text.scrollHeight;
    }
  }
}

/** What the document says of the answers: one line for each status, the shape folded away. */
function answersList(operation) {
  const list = element('ul', 'answers');
  for (const [status, node] of Object.entries(operation.responses)) {
    const response = reference.resolve(node);
    const item = element('li');
    item.append(element('b', '', status), ' ', prose('span', '', response.description));
    const [content] = reference.contents(node);
    if (content && membersOf(content.schema)) {
      const fold = element('details');
      fold.append(element('summary', '', 'Shape'));
      fold.addEventListener('toggle', () => {
        if (fold.open && fold.children.length === 1) fold.append(shape(content.schema));
      });
      item.append(fold);
    }
    list.append(item);
  }
  return list;
}

/** An operation's card; what is in it is made when it is opened. */
function card(entry) {
  const box = element('details', 'panel operation');
  box.id = entry.operation.operationId;
  box.append(operationTitle('summary', entry));
  box.addEventListener('toggle', () => {
    if (!box.open || box.children.length > 1) return;
    const inner = element('div', 'operation-body');
    inner.append(prose('p', '', entry.operation.description), new Trial(entry).form);
    const [content] = reference.contents(entry.operation.requestBody);
    if (content) {
      const fold = element('details');
      fold.append(element('summary', '', 'Members of the body'), shape(content.schema));
      inner.append(fold);
    }
    inner.append(element('h3', '', 'Answers'), answersList(entry.operation));
    box.append(inner);
  });
  return box;
}

function openNamed() {
  const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!named?.classList.contains('operation')) return;
  named.open = true;
  named.scrollIntoView();
}

function showOperations() {
  const groups = reference.groups();
  document.getElementById('contents').replaceChildren(...contentsList(groups));
  const note = document.getElementById('operations').firstElementChild;
  document.getElementById('operations').replaceChildren(note, ...groups.flatMap(({ tag, operations }) => {
    const title = element('h2', '', tag.name);
    title.append(' ', prose('span', 'note', tag.description));
    return [title, ...operations.map(card)];
  }));
  openNamed();
}

window.addEventListener('hashchange', openNamed);
document.getElementById('contents').addEventListener('click', (event) => {
  // The same link a second time changes no hash.
  if (event.target.closest('a')?.hash === location.hash) openNamed();
});
connect(async () => {
  try {
    await reference.load();
    showUnloaded(null);
    showOperations();
  } catch (error) {
    showUnloaded(error);
  }
});
