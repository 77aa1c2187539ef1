'use strict';
// The providers' states and the totals, asked for every two seconds.

const refreshMilliseconds = 2000;
/** Rows of the breakdown that are shown; a gateway may know thousands of users. */
const maximumRows = 50;

/** id → the provider's card, kept from one refresh to the next so that a selection survives. */
const cards = new Map();
let latestStats = null;
let refreshTimer = 0;

/** Asks for both states and shows them, then waits for the next turn. */
async function refresh() {
  clearTimeout(refreshTimer);
  const { address, key } = gateway;
  const isCurrent = () => address === gateway.address && key === gateway.key;
  try {
    const [providers, stats] = await Promise.all([gateway.get('/providers'), gateway.get('/stats')]);
    if (!isCurrent()) return;
    showProviders(providers);
    showStats(stats);
    showLink(null);
  } catch (error) {
    if (!isCurrent()) return;
    showLink(error);
  }
  clearTimeout(refreshTimer);
  if (!document.hidden) refreshTimer = setTimeout(refresh, refreshMilliseconds);
}

function showLink(error) {
  const isTimeout = error?.name === 'TimeoutError';
  const text = error === null ? 'connected' : error.isUnreachable || isTimeout ? 'not reachable' : 'refused';
  setText(byID('link'), text);
  byID('link').dataset.state = error === null ? 'ok' : 'failing';
  byID('overview').classList.toggle('stale', error !== null);
  byID('banner').hidden = error === null;
  if (error === null) return;
  const message = isTimeout ? `The gateway at ${gateway.address} does not answer.` : error.message;
  setText(byID('banner'), `${message} ${error.advice ?? ''}`.trim());
  if (cards.size === 0) setText(byID('providers-empty'), 'Shown as soon as the gateway answers.');
}

/** Leaves the text alone when it is the same, so that screen readers and selections are not disturbed. */
function setText(target, text) {
  if (target.textContent !== text) target.textContent = text;
}

// Providers

function showProviders({ value, exact }) {
  const list = Array.isArray(value) ? value : value.providers ?? [];
  const exactList = Array.isArray(exact) ? exact : exact.providers ?? [];
  const entries = list.map((provider, index) => ({ provider, exact: exactList[index] }));
  // Those that can be used first, in the file's order.
  entries.sort((a, b) => Boolean(a.provider.disabled_reason) - Boolean(b.provider.disabled_reason));
  const seen = new Set();
  entries.forEach((entry, position) => {
    const id = String(entry.provider.id ?? entry.provider.name ?? position);
    seen.add(id);
    if (!cards.has(id)) cards.set(id, makeCard());
    const card = cards.get(id);
    updateCard(card, entry.provider, entry.exact, id);
    const there = byID('providers').children[position];
    if (there !== card.root) byID('providers').insertBefore(card.root, there ?? null);
  });
  for (const [id, card] of cards) {
    if (seen.has(id)) continue;
    card.root.remove();
    cards.delete(id);
  }
  const usable = list.filter((provider) => !provider.disabled_reason).length;
  setText(byID('providers-count'), list.length ? `${usable} of ${list.length} enabled` : '');
  byID('providers-empty').hidden = list.length > 0;
  setText(byID('providers-empty'), 'No provider is configured; add one to providers.yaml.');
  offerModels(list);
}

function makeCard() {
  const root = element('li', 'provider');
  const head = element('div', 'provider-head');
  const names = element('div', 'names');
  const card = {
    root,
    name: element('b'),
    model: element('span', 'note'),
    badges: element('span', 'badges'),
    pill: element('span', 'pill'),
    reason: element('p', 'reason'),
    figures: new Map(),
  };
  names.append(card.name, card.model);
  const states = element('div', 'states');
  states.append(card.badges, card.pill);
  head.append(names, states);
  const list = element('dl', 'figures');
  const titles = {
    'Req / min': 'Requests in the last minute',
    'Tok / min': 'Tokens in the last minute',
    'In / 1M': 'Price of a million input tokens',
    'Out / 1M': 'Price of a million output tokens',
  };
  for (const name of ['Success', 'In flight', 'Req / min', 'Tok / min', 'In / 1M', 'Out / 1M']) {
    const row = element('div');
    card.figures.set(name, element('dd'));
    row.append(element('dt', '', name), card.figures.get(name));
    row.title = titles[name] ?? '';
    list.append(row);
  }
  root.append(head, card.reason, list);
  return card;
}

function updateCard(card, provider, exact, id) {
  const isDisabled = Boolean(provider.disabled_reason);
  const status = isDisabled ? 'DISABLED' : String(provider.circuit_status ?? 'CLOSED').toUpperCase();
  if (card.status !== undefined && card.status !== status) {
    byID('announcer').textContent = `Provider ${id} is now ${status.replace('_', ' ')}`;
  }
  card.status = status;
  setText(card.name, id);
  setText(card.model, provider.model ?? '');
  setText(card.pill, status);
  card.pill.dataset.state = status.toLowerCase();
  card.root.classList.toggle('disabled', isDisabled);
  updateBadges(card, provider);
  updateReason(card, provider, status);
  const hasRequests = provider.requests === undefined || provider.requests > 0;
  const figures = {
    'Success': hasRequests ? percent(provider.success_rate) : '–',
    'In flight': count(provider.in_flight),
    'Req / min': count(provider.requests_last_minute),
    'Tok / min': count(provider.tokens_last_minute),
    'In / 1M': pricePerMillion(exact?.input_cost_per_token ?? exact?.cost_per_token),
    'Out / 1M': pricePerMillion(exact?.output_cost_per_token ?? exact?.cost_per_token),
  };
  for (const [name, text] of Object.entries(figures)) setText(card.figures.get(name), text);
}

function updateBadges(card, provider) {
  const badges = [];
  if (provider.is_down) badges.push('set down');
  if (provider.penalized) badges.push('penalised');
  if (badges.join() === card.badgeKey) return;
  card.badgeKey = badges.join();
  card.badges.replaceChildren(...badges.map((text) => element('span', 'badge', text)));
}

/** Why it is not used, and when it will be tried again; the waits count down between refreshes. */
function updateReason(card, provider, status) {
  const parts = [];
  if (provider.disabled_reason) parts.push(() => provider.disabled_reason);
  if (status !== 'CLOSED' && provider.circuit_reason) parts.push(() => provider.circuit_reason);
  const retryAt = moment(provider.retry_at);
  if (status === 'OPEN' && retryAt !== null) parts.push(() => `next trial: ${countdown(retryAt)}`);
  const coolingUntil = moment(provider.cooling_until);
  if (coolingUntil !== null && coolingUntil > Date.now()) {
    parts.push(() => `cooling down: ${countdown(coolingUntil)}`);
  }
  card.reasonText = () => parts.map((part) => part()).join(' · ');
  setText(card.reason, card.reasonText());
  card.reason.hidden = parts.length === 0;
}

/** The models and providers that can be asked for, as suggestions for the form. */
function offerModels(list) {
  const names = new Set(['auto']);
  for (const provider of list) {
    if (provider.disabled_reason) continue;
    if (provider.model) names.add(provider.model);
    if (provider.id) names.add(provider.id);
  }
  const key = [...names].join('\n');
  if (byID('models').dataset.key === key) return;
  byID('models').dataset.key = key;
  byID('models').replaceChildren(...[...names].map((name) => {
    const option = element('option');
    option.value = name;
    return option;
  }));
}

// Totals

function showStats(stats) {
  latestStats = stats;
  const { value, exact } = stats;
  const minute = value.last_minute ?? {};
  const hasRequests = value.total_requests > 0;
  const tiles = [
    ['Requests', count(value.total_requests), minute.requests === undefined ? '' : `${count(minute.requests)} in the last minute`],
    ['Success', hasRequests ? percent(value.success_rate) : '–', value.total_failures === undefined ? '' : `${count(value.total_failures)} failed`],
    ['Tokens', count(value.total_tokens),
      value.prompt_tokens === undefined ? ''
        : `${count(value.prompt_tokens)} in · ${count(value.completion_tokens)} out`],
    ['Cost', money(exact.total_cost), exact.last_hour?.cost === undefined ? '' : `${money(exact.last_hour.cost)} in the last hour`],
    ['Saved', money(exact.saved_cost), 'against the dearest provider'],
  ];
  const rows = byID('totals').children;
  if (rows.length === 0) byID('totals').append(...tiles.map(([name]) => tile(name)));
  tiles.forEach(([, text, more], index) => {
    const [figure, tail, note] = rows[index].lastChild.children;
    // Dollars and cents stand out; the digits that follow are all there, but smaller.
    const [, main, digits] = /^([−$\d]*\.\d\d)(\d+)$/.exec(text) ?? [null, text, ''];
    setText(figure, main);
    setText(tail, digits);
    setText(note, more);
  });
  const since = moment(value.since);
  setText(byID('since'), since === null ? '' : `since ${new Date(since).toLocaleString()}`);
  showGroups();
}

function tile(name) {
  const row = element('div');
  const value = element('dd');
  value.append(element('span', 'figure'), element('span', 'tail'), element('span', 'note'));
  row.append(element('dt', '', name), value);
  return row;
}

function showGroups() {
  if (!latestStats || !byID('breakdown').open) return;
  const field = byID('group').value;
  const groups = Object.entries(latestStats.value[field] ?? {});
  const exact = latestStats.exact[field] ?? {};
  groups.sort(([, a], [, b]) => (b.cost ?? 0) - (a.cost ?? 0) || (b.requests ?? 0) - (a.requests ?? 0));
  byID('groups').replaceChildren(...groups.slice(0, maximumRows).map(([name, group]) => {
    const row = element('tr');
    row.append(
      element('th', '', name || '(none)'), element('td', '', count(group.requests)),
      element('td', '', count(group.failures)), element('td', '', count(group.tokens)),
      element('td', '', money(exact[name]?.cost)));
    row.firstChild.scope = 'row';
    return row;
  }));
  const hidden = groups.length - maximumRows;
  byID('groups-note').hidden = groups.length > 0 && hidden <= 0;
  setText(byID('groups-note'), hidden > 0 ? `and ${count(hidden)} more` : 'Nothing yet.');
}

byID('group').addEventListener('change', showGroups);
byID('breakdown').addEventListener('toggle', showGroups);
document.addEventListener('visibilitychange', () => { if (!document.hidden) refresh(); });
setInterval(() => {
  for (const card of cards.values()) setText(card.reason, card.reasonText());
}, 500);
showStats({ value: {}, exact: {} });
connect(refresh);
