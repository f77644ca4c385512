import * as api from './api.js';
import { avatar, byId, coalesce, icon, keepAtEnd, make, reconcile, sendOnEnter } from './dom.js';
import { clock, day, t } from './texts.js';

const NAMES = ['Ana Lima', 'Bruno Costa', 'Carla Souza', 'Diego Alves', 'Elisa Rocha', 'Fábio Nunes', 'Gabi Martins',
  'Hugo Dias', 'Iara Campos', 'João Prado', 'Katia Reis', 'Lucas Melo'];

/** The customers' phones: each customer is a number of its own that writes to the real webhook. */
export function createPhone({ channel, onSwitch, onFault, onStale }) {
  const kept = `vellarys.sandbox.${channel.id}`;
  const stored = JSON.parse(localStorage.getItem(kept) ?? 'null');
  const state = {
    customers: stored?.customers ?? [],
    current: stored?.current ?? null,
    outgoing: [],
    lines: [],
    isAnswering: false,
    rows: [],
    seen: new Map(Object.entries(stored?.seen ?? {})),
  };
  const chat = byId('chat');
  const text = byId('phone-text');

  const customer = () => state.customers.find(c => c.phone === state.current);
  const keep = () => localStorage.setItem(kept, JSON.stringify(
    { customers: state.customers, current: state.current, seen: Object.fromEntries(state.seen) }));

  function add(name, phone) {
    if (!state.customers.some(c => c.phone === phone)) state.customers.push({ name, phone });
    choose(phone);
  }

  function choose(phone) {
    state.current = phone;
    state.lines = [];
    state.isAnswering = false;
    chat.replaceChildren();
    keep();
    render();
    chat.scrollTop = chat.scrollHeight;
    refresh();
    onSwitch(phone);
  }

  /** The customer's two latest conversations are one chat to the customer. */
  const refresh = coalesce(async () => {
    const phone = state.current;
    try {
      const { items } = await api.conversations({ phone, limit: 2 });
      const pages = await Promise.all(items.map(c => api.messages(c.id)));
      if (phone !== state.current) return;
      const lines = pages.flatMap(page => page.items).sort((a, b) => a.createdAt < b.createdAt ? -1 : 1);
      const recorded = new Set(lines.map(line => line.providerMessageId));
      state.outgoing = state.outgoing.filter(o => !recorded.has(o.id));
      state.lines = lines.filter(line => line.role === 'cliente' || line.delivery === 'sent'
        || (line.role === 'atendente' && line.delivery === null));
      state.isAnswering = items.some(c => c.answering);
      render();
    } catch (refusal) {
      onStale(refusal);
    }
  });

  async function send(message) {
    message.state = 'clock';
    render();
    try {
      await api.asCustomer(channel, message.customer, message);
      message.state = 'accepted';
    } catch (refusal) {
      message.state = 'failed';
      onFault(refusal);
    }

    render();
    refresh();
  }

  function bubble(line) {
    const mine = line.role === 'cliente';
    const foot = make('footer', {}, make('time', { textContent: clock(line.createdAt), dateTime: line.createdAt }));
    if (line.state === 'failed') {
      const again = make('button', { type: 'button', textContent: t('retry') });
      again.addEventListener('click', () => send(line.message));
      foot.append(icon('alert', 'tick', t('delivery.failed')), again);
    } else if (mine) {
      const [name, look] = { clock: ['clock', ''], accepted: ['tick', ''] }[line.state] ?? ['ticks', line.state];
      foot.append(icon(name, `tick ${look === 'answered' ? 'read' : ''}`, t(`state.${line.state}`)));
    }

    const shown = line.text || t('media', { kind: line.kind });
    return make('div', { className: `bubble ${mine ? 'mine' : ''} ${line.state === 'failed' ? 'failed' : ''}` },
      make('p', { textContent: shown }), foot);
  }

  /** Recorded lines, then what is still on its way, with a label for each day. */
  function lines() {
    const lastAnswer = Math.max(-1, ...state.lines.map((line, i) => line.role === 'cliente' ? -1 : i));
    const recorded = state.lines.map((line, i) => ({
      ...line, key: line.providerMessageId ?? line.id, state: i < lastAnswer ? 'answered' : 'recorded',
    }));
    const onTheWay = state.outgoing.filter(o => o.customer.phone === state.current).map(o => ({
      key: o.id, role: 'cliente', text: o.text, createdAt: new Date(o.at).toISOString(), state: o.state, message: o,
    }));
    const all = [];
    let last = '';
    for (const line of [...recorded, ...onTheWay]) {
      const label = day(line.createdAt);
      if (label !== last) all.push({ key: `day ${label}`, label });
      last = label;
      all.push(line);
    }

    return all;
  }

  function render() {
    const who = customer();
    const typing = state.isAnswering && !state.outgoing.some(o => o.state === 'failed');
    byId('company').textContent = channel.displayName || 'Vellarys';
    byId('company-avatar').textContent = (channel.displayName || 'V').slice(0, 1).toUpperCase();
    byId('presence').textContent = t(typing ? 'typing' : 'online');
    document.querySelector('label[for="phone-text"]').textContent = t('writeAsCustomer', who);

    const shown = lines();
    if (shown.length === 0) shown.push({ key: 'empty', empty: t('phoneEmpty', who) });
    if (typing) shown.push({ key: 'typing' });
    keepAtEnd(chat, () => reconcile(chat, shown, {
      key: line => line.key,
      signature: line => `${line.state}|${line.label ?? ''}|${line.empty ?? ''}|${document.documentElement.lang}`,
      render: line => {
        if (line.label) return make('div', { className: 'day', textContent: line.label });
        if (line.empty) return make('p', { className: 'empty', textContent: line.empty });
        if (line.key === 'typing') {
          return make('div', { className: 'bubble typing', attr: { role: 'img', 'aria-label': t('typing') } },
            make('i'), make('i'), make('i'));
        }

        return bubble(line);
      },
    }));
    renderPeople();
  }

  function renderPeople() {
    const newest = new Map(state.rows.map(row => [row.contactPhone, row]));
    if (newest.has(state.current)) state.seen.set(state.current, newest.get(state.current).lastMessageAt);
    const hasNews = c => {
      const row = newest.get(c.phone);
      return Boolean(row) && row.lastMessageRole !== 'cliente' && row.lastMessageAt > (state.seen.get(c.phone) ?? '');
    };
    reconcile(byId('people'), state.customers, {
      key: c => c.phone,
      signature: c => `${c.phone === state.current}|${hasNews(c)}|${document.documentElement.lang}`,
      render: c => {
        const button = make('button', {
          type: 'button', className: 'person', attr: { 'aria-pressed': String(c.phone === state.current) },
        }, avatar(c.name), c.name.split(' ')[0]);
        if (hasNews(c)) {
          button.append(make('span', { className: 'news', attr: { role: 'img', 'aria-label': t('news') } }));
        }
        button.addEventListener('click', () => choose(c.phone));
        return button;
      },
    });
  }

  byId('phone-form').addEventListener('submit', event => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written) return;
    text.value = '';
    const message = { id: api.newId(), customer: customer(), text: written, at: Date.now() };
    state.outgoing.push(message);
    send(message);
    chat.scrollTop = chat.scrollHeight;
  });
  sendOnEnter(text, byId('phone-form'));

  byId('add').addEventListener('click', () => {
    const suggested = suggest(state.customers);
    byId('new-name').value = suggested.name;
    byId('new-number').value = suggested.phone;
    byId('new').showModal();
    byId('new-name').select();
  });
  byId('new-cancel').addEventListener('click', () => byId('new').close());
  byId('new-form').addEventListener('submit', () => {
    add(byId('new-name').value.trim() || byId('new-number').value, byId('new-number').value);
    text.focus();
  });

  if (!customer()) {
    const first = suggest([]);
    state.customers.push(first);
    state.current = first.phone;
    keep();
  }

  render();
  return {
    render,
    refresh,
    current: () => state.current,
    showRows: rows => { state.rows = rows; renderPeople(); keep(); },
  };
}

/** A name not taken yet and a mobile number of São Paulo as WhatsApp writes it. */
function suggest(customers) {
  const name = NAMES.find(n => !customers.some(c => c.name === n)) ?? `Cliente ${customers.length + 1}`;
  const digits = [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte % 10).join('');
  return { name, phone: `55119${digits}` };
}
