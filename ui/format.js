'use strict';
// Numbers, amounts and times as text. Nothing here touches the page.

/**
 * The JSON value with every number kept as the text it was sent as. A browser's own parser turns
 * 0.1234567890123456789 into the nearest binary fraction; a bill must not be shown that way.
 */
function parseExact(text) {
  const stringOrNumber = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  return JSON.parse(text.replace(stringOrNumber, (token) => (token[0] === '"' ? token : `"${token}"`)));
}

/**
 * A number's text times 10^places as a plain decimal, exactly: the point is moved, nothing is
 * calculated. Null for what is no number of a sensible size.
 */
function shiftDecimal(text, places) {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text ?? '');
  if (!parts) return null;
  const [, sign, whole, fraction = '', exponent = '0'] = parts;
  const point = whole.length + Number(exponent) + places;
  const digits = (whole + fraction).padEnd(point, '0').padStart(whole.length + fraction.length - point, '0');
  const split = Math.max(point, 0);
  const before = digits.slice(0, split).replace(/^0+(?=\d)/, '') || '0';
  const after = digits.slice(split).replace(/0+$/, '');
  return sign + before + (after && `.${after}`);
}

/** Dollars with every digit that was sent, and at least two after the point. */
function money(exact) {
  const plain = shiftDecimal(exact, 0);
  if (plain === null) return '–';
  const [whole, fraction = ''] = plain.replace('-', '').split('.');
  return `${plain[0] === '-' ? '−' : ''}$${whole}.${fraction.padEnd(2, '0')}`;
}

/** A price per token as a price per million tokens. */
function pricePerMillion(exactPerToken) {
  return money(shiftDecimal(exactPerToken, 6));
}

/** Keeps a number and its unit on one line. */
const gap = '\u00a0';

const groupedDigits = new Intl.NumberFormat('en-US');

function count(value) {
  return Number.isFinite(value) ? groupedDigits.format(value) : '–';
}

/** A share from 0 to 1 in percent; never rounded up to 100 %. */
function percent(share) {
  if (!Number.isFinite(share)) return '–';
  return `${Math.floor(share * 1000 + 1e-9) / 10}${gap}%`;
}

function seconds(value) {
  if (!Number.isFinite(value)) return '–';
  return value < 1 ? `${Math.round(value * 1000)}${gap}ms` : `${value.toFixed(value < 10 ? 2 : 1)}${gap}s`;
}

/** Milliseconds since 1970 for a time sent as RFC 3339 text or as Unix seconds or milliseconds; else null. */
function moment(value) {
  if (typeof value === 'string') return Number.isNaN(Date.parse(value)) ? null : Date.parse(value);
  if (typeof value !== 'number' || value <= 0) return null;
  return value < 1e11 ? value * 1000 : value;
}

/** How long until a moment: `12 s`, `3 min 05 s`, or `now`. */
function countdown(until) {
  const left = Math.ceil((until - Date.now()) / 1000);
  if (left <= 0) return 'now';
  if (left < 60) return `${left}${gap}s`;
  if (left < 3600) return `${Math.floor(left / 60)}${gap}min${gap}${String(left % 60).padStart(2, '0')}${gap}s`;
  return `${Math.floor(left / 3600)}${gap}h${gap}${String(Math.floor((left % 3600) / 60)).padStart(2, '0')}${gap}min`;
}

/** JSON text with a line for each member, its numbers as they were sent; text that is no JSON as it is. */
function pretty(text) {
  try { JSON.parse(text); } catch { return text; }
  const tokens = text.match(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g) ?? [];
  let output = '';
  let depth = 0;
  tokens.forEach((token, index) => {
    const line = () => { output += `\n${'  '.repeat(depth)}`; };
    const closes = (next) => next === '}' || next === ']';
    if (token === '{' || token === '[') {
      output += token;
      depth += 1;
      if (!closes(tokens[index + 1])) line();
    } else if (closes(token)) {
      depth -= 1;
      if (tokens[index - 1] !== '{' && tokens[index - 1] !== '[') line();
      output += token;
    } else if (token === ',') {
      output += token;
      line();
    } else {
      output += token === ':' ? ': ' : token;
    }
  });
  return output;
}
