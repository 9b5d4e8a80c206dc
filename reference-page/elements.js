// @ts-check

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element with attributes and children; `on…` attributes are listeners. Strings become text nodes, never HTML.
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | boolean | EventListener | undefined>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, '');
    else if (typeof value === 'string') made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/**
 * The nodes of a text; parts in backticks become `code` elements.
 * @param {string} text
 * @returns {Node[]}
 */
export const prose = (text) =>
  text.split('`').map((part, n) => (n % 2 === 1 ? element('code', {}, part) : document.createTextNode(part)));

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no ${id}`);
  return found;
}
