'use strict';
// The whole document to be read: what each operation takes and gives, with examples beside it.

gateway.address = gateway.ownAddress;
document.getElementById('document').href = `${gateway.address}/openapi.json`;

function parametersList(parameters) {
  const list = element('dl', 'members');
  for (const { name, in: place, required, schema, description } of parameters.map((node) => reference.resolve(node))) {
    const row = element('div');
    const term = element('dt');
    term.append(element('code', '', name), ' ', element('span', 'kind', `${kindText(schema)}, in the ${place}`));
    if (required) term.append(' ', element('span', 'required', 'required'));
    row.append(term, prose('dd', '', description));
    list.append(row);
  }
  return list;
}

/** Statuses with the same shape, such as the errors, are told in one line each and shown once. */
function answers(operation) {
  const box = element('div');
  for (const [status, node] of Object.entries(operation.responses)) {
    const line = element('p', 'answer-line');
    line.append(element('b', status[0] === '2' ? 'good' : 'bad', status), ' ', prose('span', '', reference.resolve(node).description));
    box.append(line);
    if (status[0] !== '2') continue;
    for (const { type, schema } of reference.contents(node)) {
      box.append(element('p', 'note', type));
      if (membersOf(schema) || reference.resolve(schema).oneOf) box.append(shape(schema));
    }
  }
  return box;
}

function sample(title, text) {
  const box = element('figure', 'sample');
  const code = element('pre', 'code', text);
  code.tabIndex = 0;
  box.append(element('figcaption', 'note', title), code);
  return box;
}

function samples({ path, method, operation }) {
  const box = element('div', 'samples');
  const [request] = reference.contents(operation.requestBody);
  const address = gateway.address + path;
  if (request) {
    for (const { title, value } of request.examples) {
      box.append(sample(title, `curl -s ${address} -d '${exampleText(value).replaceAll("'", `'\\''`)}'`));
    }
  } else if (method === 'get') {
    box.append(sample('Request', `curl -s ${address}`));
  }
  for (const [status, node] of Object.entries(operation.responses)) {
    if (status[0] !== '2') continue;
    for (const { type, examples } of reference.contents(node)) {
      for (const { title, value } of examples) {
        box.append(sample(`${status} · ${type}${title === 'Example' ? '' : ` · ${title}`}`, exampleText(value)));
      }
    }
  }
  return box;
}

function article(entry) {
  const { operation } = entry;
  const box = element('article', 'panel reading');
  box.id = operation.operationId;
  const text = element('div');
  text.append(operationTitle('h3', entry), prose('p', '', operation.description));
  if (operation.parameters) text.append(element('h4', '', 'Parameters'), parametersList(operation.parameters));
  const [request] = reference.contents(operation.requestBody);
  if (request) text.append(element('h4', '', 'Body'), shape(request.schema));
  text.append(element('h4', '', 'Answers'), answers(operation));
  box.append(text, samples(entry));
  return box;
}

/** The parts that every operation shares: access, headers, errors. */
function commonParts() {
  const { info, components } = reference.document;
  const box = element('section', 'panel common');
  box.append(element('h2', '', info.title), prose('p', '', info.summary));
  for (const part of info.description.split('\n\n')) box.append(prose('p', '', part));
  box.append(element('h3', '', 'Access'));
  for (const scheme of Object.values(components.securitySchemes)) {
    const name = scheme.type === 'http' ? 'Authorization: Bearer …' : `${scheme.name}: …`;
    box.append(prose('p', '', `\`${name}\` ${scheme.description}`));
  }
  box.append(element('h3', '', 'Headers of answers'));
  const list = element('dl', 'members');
  for (const [name, header] of Object.entries(components.headers)) {
    const row = element('div');
    const term = element('dt');
    term.append(element('code', '', name));
    row.append(term, prose('dd', '', header.description ?? ''));
    list.append(row);
  }
  box.append(list, element('h3', '', 'Errors'), shape({ $ref: '#/components/schemas/Error' }));
  return box;
}

async function show() {
  try {
    await reference.load();
  } catch (error) {
    showUnloaded(error);
    return;
  }
  const groups = reference.groups();
  document.getElementById('version').textContent = reference.document.info.version;
  document.getElementById('contents').replaceChildren(...contentsList(groups));
  document.getElementById('operations').replaceChildren(commonParts(), ...groups.flatMap(({ tag, operations }) => {
    const title = element('h2', '', tag.name);
    title.append(' ', prose('span', 'note', tag.description));
    return [title, ...operations.map(article)];
  }));
  document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
}

show();
