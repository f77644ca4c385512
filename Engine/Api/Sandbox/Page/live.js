import { address } from './api.js';

const KINDS = ['message', 'delivery', 'charge', 'handoff'];

/**
 * Listens to the tenant's events. They are hints without a history, so `onChange` also runs after every connect, with
 * no kind: that is how what happened meanwhile is seen. The browser reconnects by itself unless the server refused
 * outright.
 */
export function listen({ onChange, onState }) {
  let wait = 1000;
  const connect = () => {
    const source = new EventSource(address('/events'));
    source.addEventListener('ready', () => {
      wait = 1000;
      onState('on');
      onChange();
    });
    for (const kind of KINDS) source.addEventListener(kind, () => onChange(kind));
    source.addEventListener('error', () => {
      onState('off');
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 30_000);
    });
    addEventListener('pagehide', () => source.close(), { once: true });
  };

  connect();
  addEventListener('pageshow', event => { if (event.persisted) connect(); });
}
