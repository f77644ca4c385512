import { address } from './api.js';

const KINDS = ['message', 'delivery', 'charge', 'handoff'];

/** A stream that ends in order is back within this, and nobody needs to hear of it. */
const GRACE = 1500;

/** A connection without its first event for this long is held up somewhere, by a proxy that gathers answers. */
const READY_WITHIN = 10_000;

/** Two breaks within this: the way to the server cuts streams off. */
const BREAKS_WITHIN = 5_000;

const POLL = 5_000;

/** While polling, how long until the stream is tried again; longer each time. */
const RETRY = 15_000;
const LONGEST_RETRY = 120_000;

/**
 * Listens to the tenant's events. They are hints without a history, so `onChange` also runs after every connect, with
 * no kind: that is how what happened meanwhile is seen. The browser reconnects by itself unless the server refused
 * outright. Where there is no stream to be had (refused, silent, or cut off again and again), `onChange` runs every few
 * seconds instead, until the stream is back. `onState` hears `on`, `polling` or `off`.
 */
export function listen({ onChange, onState }) {
  let source = null;
  let polling = null;
  let waiting = null;
  let silence = null;
  let lastBreak = -Infinity;
  let retry = RETRY;

  function connect() {
    waiting = null;
    expectReady();
    source = new EventSource(address('/events'));
    source.addEventListener('ready', ready);
    for (const kind of KINDS) source.addEventListener(kind, () => onChange(kind));
    source.addEventListener('error', broke);
  }

  function expectReady() {
    clearTimeout(silence);
    silence = setTimeout(poll, READY_WITHIN);
  }

  function ready() {
    clearTimeout(silence);
    clearTimeout(waiting);
    clearInterval(polling);
    waiting = null;
    polling = null;
    retry = RETRY;
    onState('on');
    onChange();
  }

  function broke() {
    const isRefused = source.readyState === EventSource.CLOSED;
    const isAgain = performance.now() - lastBreak < BREAKS_WITHIN;
    lastBreak = performance.now();
    if (isRefused || isAgain || polling) {
      poll();
    } else {
      expectReady();
      waiting = setTimeout(() => onState('off'), GRACE);
    }
  }

  function poll() {
    source.close();
    clearTimeout(silence);
    clearTimeout(waiting);
    waiting = setTimeout(connect, retry);
    retry = Math.min(retry * 2, LONGEST_RETRY);
    if (polling) return;
    onState('polling');
    onChange();
    polling = setInterval(onChange, POLL);
  }

  function stop() {
    source.close();
    clearTimeout(silence);
    clearTimeout(waiting);
    clearInterval(polling);
    polling = null;
  }

  connect();
  addEventListener('online', () => {
    if (!polling) return;
    clearTimeout(waiting);
    source.close();
    connect();
  });
  addEventListener('pagehide', stop);
  addEventListener('pageshow', event => { if (event.persisted) connect(); });
}
