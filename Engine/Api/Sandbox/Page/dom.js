// Everything that is shown is set as text: there is no innerHTML in this page, and its policy forbids it.
const SVG = 'http://www.w3.org/2000/svg';

export const byId = id => document.getElementById(id);

/** Makes an element; `props` are properties, except `data` (dataset) and `attr` (attributes). */
export function make(tag, { data, attr, ...props } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  Object.assign(element.dataset, data);
  for (const [name, value] of Object.entries(attr ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export function icon(name, className = 'icon', label = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', className);
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else {
    svg.setAttribute('aria-hidden', 'true');
  }

  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Makes `parent` show `items` in order, touching only what changed: focus stays, and a live region reads only what is
 * new. `signature` says when an item looks different.
 */
export function reconcile(parent, items, { key, signature, render }) {
  const present = new Map([...parent.children].map(child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = String(key(item));
    const look = signature(item);
    let child = present.get(id);
    present.delete(id);
    if (!child || child.dataset.look !== look) {
      const fresh = render(item);
      Object.assign(fresh.dataset, { key: id, look });
      if (child) {
        const hadFocus = child.contains(document.activeElement);
        if (place === child) place = fresh;
        child.replaceWith(fresh);
        if (hadFocus) (fresh.matches('button') ? fresh : fresh.querySelector('button') ?? fresh).focus();
      }

      child = fresh;
    }

    if (child === place) place = child.nextElementSibling;
    else parent.insertBefore(child, place);
  }

  for (const gone of present.values()) gone.remove();
}

/** Keeps a log at its end while its reader is there; one who scrolled up is left in peace. */
export function keepAtEnd(log, change) {
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  const fromEnd = log.scrollHeight - log.scrollTop;
  change();
  if (atEnd) log.scrollTop = log.scrollHeight;
  return () => { log.scrollTop = log.scrollHeight - fromEnd; };
}

/** Two letters and a colour of its own for each name. */
export function avatar(name) {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1
    ? [...words[0]][0] + [...words.at(-1)][0]
    : [...(words[0] ?? '?')].slice(0, 2).join('');
  const hue = [...name].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 360, 7);
  const face = make('span', {
    className: 'avatar', textContent: letters.toUpperCase(), attr: { 'aria-hidden': 'true' },
  });
  face.style.setProperty('--hue', hue);
  return face;
}

/** Enter sends, Shift+Enter breaks the line; never in the middle of an input method's composition. */
export function sendOnEnter(textarea, form) {
  textarea.addEventListener('keydown', event => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
}

/** Runs `work` now, or once more after the run in flight: any number of calls cost at most two runs. */
export function coalesce(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }

    running = work().finally(() => {
      running = null;
      if (!again) return;
      again = false;
      run();
    });
    return running;
  };
}
