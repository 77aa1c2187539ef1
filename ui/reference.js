'use strict';
// What the two pages about the API share: the document, its operations, and its shapes as HTML.

/** An element with a class and text. Data only ever becomes text, never markup. */
function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** A paragraph in which what stands between backquotes is code. */
function prose(tag, className, text) {
  const made = element(tag, className);
  String(text ?? '').split('`').forEach((piece, index) => {
    if (piece) made.append(index % 2 ? element('code', '', piece) : piece);
  });
  return made;
}

const reference = {
  document: null,

  /** Asks the gateway for the document. */
  async load() {
    this.document = (await gateway.get('/openapi.json')).value;
    return this.document;
  },

  /** What a `$ref` points at. */
  resolve(node) {
    let found = node;
    while (found?.$ref) {
      found = found.$ref.slice(2).split('/').reduce(
        (inner, name) => inner?.[name.replaceAll('~1', '/').replaceAll('~0', '~')], this.document);
    }
    return found ?? {};
  },

  /** The operations, by tag in the document's order: `[{ tag, operations: [{ path, method, operation }] }]`. */
  groups() {
    const groups = (this.document.tags ?? []).map((tag) => ({ tag, operations: [] }));
    for (const [path, methods] of Object.entries(this.document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        groups.find(({ tag }) => tag.name === operation.tags?.[0])?.operations.push({ path, method, operation });
      }
    }
    return groups.filter(({ operations }) => operations.length > 0);
  },

  /** The content of a request or an answer: `[{ type, schema, examples: [{ title, value }] }]`. */
  contents(node) {
    return Object.entries(this.resolve(node).content ?? {}).map(([type, content]) => {
      const examples = Object.values(content.examples ?? {}).map(({ summary, value }) => ({ title: summary, value }));
      if (content.example !== undefined) examples.unshift({ title: 'Example', value: content.example });
      return { type, schema: content.schema, examples };
    });
  },
};

/** A value of the document as text: an event stream stays as it is. */
function exampleText(value) {
  if (typeof value === 'string') return value;
  // JSON.stringify writes 9.3e-7; people write prices out.
  return JSON.stringify(value, null, 2).replace(/: (-?\d+(?:\.\d+)?e-?\d+)/g, (_, number) => `: ${shiftDecimal(number, 0)}`);
}

/** A schema's kind in a few words: `integer, 1 to 128`, `array of Message`. */
function kindText(schema) {
  if (schema.$ref) {
    const found = reference.resolve(schema);
    return found.properties || found.oneOf ? schema.$ref.split('/').pop() : kindText(found);
  }
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.map(kindText).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  const orNull = Array.isArray(schema.type) && schema.type.includes('null') ? ' or null' : '';
  if (schema.enum) return schema.enum.filter((value) => value !== null).map((value) => JSON.stringify(value)).join(' | ') + orNull;
  const type = Array.isArray(schema.type) ? schema.type.filter((name) => name !== 'null').join(' or ') : schema.type ?? 'any';
  if (type === 'array' && schema.items) return `array of ${kindText(schema.items)}${orNull}`;
  return type + boundsText(schema) + orNull;
}

function boundsText({ minimum, maximum, maxLength, format }) {
  if (minimum !== undefined && maximum !== undefined) return `, ${count(minimum)} to ${count(maximum)}`;
  if (minimum !== undefined) return `, from ${count(minimum)}`;
  if (maxLength !== undefined) return `, at most ${count(maxLength)} characters`;
  return format ? `, ${format}` : '';
}

/** The object that has members to show: behind references, arrays and choices. */
function membersOf(schema) {
  const found = reference.resolve(schema);
  if (found.properties) return found;
  if (found.items) return membersOf(found.items);
  if (typeof found.additionalProperties === 'object') return membersOf(found.additionalProperties);
  return null;
}

/** A schema as a list of its members, those of inner objects folded away. */
function shape(schema, depth = 0) {
  const found = reference.resolve(schema);
  const box = element('div', 'shape');
  const choices = (found.oneOf ?? found.anyOf ?? []).filter((choice) => choice.type !== 'null');
  if (choices.length > 1 && choices.some(membersOf)) {
    choices.forEach((choice, index) => {
      const title = reference.resolve(choice).description ?? kindText(choice);
      box.append(prose('p', 'choice-title', `${index ? 'or: ' : 'Either: '}${title}`), shape(choice, depth));
    });
    return box;
  }
  const object = membersOf(choices[0] ?? found);
  if (!object) {
    box.append(prose('p', 'note', [kindText(schema), found.description].filter(Boolean).join('. ')));
    return box;
  }
  const list = element('dl', 'members');
  for (const [name, inner] of Object.entries(object.properties)) list.append(member(name, inner, object, depth));
  box.append(list);
  return box;
}

function member(name, schema, object, depth) {
  const row = element('div');
  const term = element('dt');
  term.append(element('code', '', name), ' ', element('span', 'kind', kindText(schema)));
  if (object.required?.includes(name)) term.append(' ', element('span', 'required', 'required'));
  const detail = element('dd');
  const description = schema.description ?? reference.resolve(schema).description;
  if (description) detail.append(prose('p', '', description));
  // Four levels are deeper than any shape of the document.
  const inner = depth < 4 && (membersOf(schema) || (schema.anyOf ?? []).some(membersOf));
  if (inner) {
    const fold = element('details');
    fold.append(element('summary', '', 'Members'));
    fold.addEventListener('toggle', () => {
      if (fold.open && fold.children.length === 1) fold.append(shape(schema, depth + 1));
    });
    detail.append(fold);
  }
  row.append(term, detail);
  return row;
}

/** `POST /generate` with the method as a pill. */
function operationTitle(tag, { path, method, operation }) {
  const title = element(tag, 'operation-title');
  const verb = element('span', 'verb', method.toUpperCase());
  verb.dataset.method = method;
  title.append(verb, ' ', element('code', '', path), ' ', element('span', 'note', operation.summary));
  return title;
}

/** The list of all operations, with links to `#operationId`. */
function contentsList(groups) {
  return groups.map(({ tag, operations }) => {
    const part = element('section');
    const list = element('ul');
    for (const { path, method, operation } of operations) {
      const item = element('li');
      const link = element('a');
      link.href = `#${operation.operationId}`;
      const verb = element('span', 'verb', method.toUpperCase());
      verb.dataset.method = method;
      link.append(verb, ' ', path);
      item.append(link);
      list.append(item);
    }
    part.append(element('h2', '', tag.name), list);
    return part;
  });
}

/** Shows why the document is not there. */
function showUnloaded(error) {
  const banner = document.getElementById('banner');
  banner.hidden = error === null;
  banner.textContent = error === null ? '' : [error.message, error.advice].filter(Boolean).join(' ');
}
