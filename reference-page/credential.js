// @ts-check
import { element } from './elements.js';
import { choose, forget, signIn, use, useConsoleSession } from './session.js';

/** @typedef {import('./session.js').Workspace} Workspace */

/**
 * Renders the forms for a key or a login and the choice of a workspace; `changed` is called after every change.
 * @param {HTMLElement} place
 * @param {() => void} changed
 */
export function showCredential(place, changed) {
  /** @param {() => Promise<Workspace[]>} enter */
  const attempt = async (enter) => {
    try {
      show(signedIn(await enter()));
    } catch (error) {
      show(...forms(attempt, error instanceof Error ? error.message : String(error)));
    }
    changed();
  };
  /**
   * @param {Workspace[]} workspaces
   * @param {string} [ready]
   */
  const signedIn = (workspaces, ready = 'Ready.') =>
    status(workspaces, ready, changed, () => (show(...forms(attempt)), changed()));
  /** @param {...Node} nodes */
  const show = (...nodes) => place.replaceChildren(element('h2', {}, 'Try it with your own key'), ...nodes);
  show(...forms(attempt));
  void continueSession();

  async function continueSession() {
    const session = await useConsoleSession().catch(() => null);
    if (!session) return;
    show(signedIn(session.workspaces, `You are signed in by the console as ${session.user}.`));
    changed();
  }
}

/**
 * @param {(enter: () => Promise<Workspace[]>) => Promise<void>} attempt
 * @param {string} [problem]
 */
function forms(attempt, problem) {
  const key = field('password', 'Key or session token', 'lsv2_pt_…');
  const email = field('email', 'E-mail', 'admin@localhost.localdomain');
  const password = field('password', 'Password', '');
  return [
    element(
      'p',
      { class: 'hint' },
      'It is kept in the memory of this page only, and is gone when you leave or reload it.',
    ),
    element(
      'div',
      { class: 'forms' },
      form('Use it', () => attempt(() => use(key.input.value)), key.label),
      form(
        'Sign in',
        () => attempt(() => signIn(email.input.value, password.input.value)),
        email.label,
        password.label,
      ),
    ),
    element('p', { class: 'problem', role: 'alert', hidden: !problem }, problem ?? ''),
  ];
}

/**
 * @param {Workspace[]} workspaces
 * @param {string} ready
 * @param {() => void} changed
 * @param {() => void} leave
 */
function status(workspaces, ready, changed, leave) {
  const options = workspaces.map(({ id, display_name }) => element('option', { value: id }, display_name));
  const select = element('select', { 'aria-label': 'Workspace' }, ...options);
  select.addEventListener('change', () => {
    choose(workspaces.find(({ id }) => id === select.value) ?? null);
    changed();
  });
  const where =
    workspaces.length > 0 ? element('label', {}, 'Current workspace ', select) : 'The workspace of the key.';
  const out = element(
    'button',
    { type: 'button', class: 'quiet', onclick: () => (forget(), leave()) },
    'Use another credential',
  );
  return element('div', { class: 'signed-in' }, element('span', { class: 'ready' }, ready), where, out);
}

/**
 * @param {string} type
 * @param {string} name
 * @param {string} placeholder
 */
function field(type, name, placeholder) {
  const input = element('input', {
    type,
    placeholder,
    required: true,
    autocomplete: 'off',
    spellcheck: 'false',
  });
  return { input, label: element('label', {}, name, input) };
}

/**
 * @param {string} action
 * @param {() => Promise<void>} submit
 * @param {...Node} fields
 */
const form = (action, submit, ...fields) =>
  element(
    'form',
    {
      onsubmit: (event) => {
        event.preventDefault();
        void submit();
      },
    },
    ...fields,
    element('button', { type: 'submit' }, action),
  );
