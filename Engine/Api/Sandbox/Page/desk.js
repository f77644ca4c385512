import * as api from './api.js';
import { avatar, byId, coalesce, icon, keepAtEnd, make, reconcile, sendOnEnter } from './dom.js';
import { brief, clock, day, hasText, language, t } from './texts.js';

/** The name of a status; a person on the company's own phone has one of their own. */
const inCharge = row => row.answeredBy === 'phone' ? 'phone' : row.status;

/** The conversations as staff sees them. */
export function createDesk({ agent, onRows, onChoose, onSelect, onActed, onFault, onStale, onFresh }) {
  const state = { rows: [], next: null, pages: 1, selected: null, detail: null, lines: [], older: null };
  const log = byId('log');
  const text = byId('desk-text');
  const desk = byId('desk');

  const refreshList = coalesce(async () => {
    try {
      const status = byId('filter').value;
      const page = await api.conversations({ status, limit: Math.min(50 * state.pages, 200) });
      state.rows = page.items;
      state.next = page.next;
      renderList();
      onRows(page.items, status);
      onFresh();
    } catch (refusal) {
      onStale(refusal);
    }
  });

  const refreshOpen = coalesce(async () => {
    const id = state.selected;
    if (!id) return;
    try {
      const [detail, page] = await Promise.all([api.conversation(id), api.messages(id)]);
      if (id !== state.selected) return;
      const newest = page.items.toReversed();
      const from = newest[0]?.seq ?? 0;
      // Earlier pages that were opened stay; the newest one is replaced, for its delivery states change.
      const earlier = state.lines.filter(line => line.seq < from);
      if (earlier.length === 0) state.older = page.next;
      Object.assign(state, { detail, lines: [...earlier, ...newest] });
      renderOpen();
    } catch (refusal) {
      if (refusal.status === 404) select(null);
      onStale(refusal);
    }
  });

  function select(id, { focus = false } = {}) {
    if (id !== state.selected) {
      Object.assign(state, { selected: id, detail: null, lines: [], older: null });
      // Whatever goes wrong in drawing the next one, nobody's words stand under another's name.
      log.replaceChildren();
      byId('facts').replaceChildren();
    }

    desk.dataset.view = id ? 'open' : 'list';
    onSelect(id);
    renderList();
    renderOpen();
    if (id) {
      refreshOpen().then(() => {
        if (focus) byId('open').querySelector('.actions button:not([hidden])')?.focus();
      });
    }
  }

  function renderList() {
    reconcile(byId('list'), state.rows, {
      key: row => row.id,
      signature: row => JSON.stringify([row.id === state.selected, row.status, row.unanswered, row.answering,
        row.lastMessageAt, row.contactName, language(), brief(row.lastMessageAt)]),
      render: row => {
        const name = row.contactName || row.contactPhone || '?';
        const last = row.lastMessageText || (row.lastMessageKind ? t('media', { kind: row.lastMessageKind }) : '');
        const button = make('button', {
          type: 'button',
          className: `row ${row.unanswered ? 'unanswered' : ''}`,
          attr: { 'aria-current': String(row.id === state.selected) },
        },
        avatar(name),
        make('strong', { textContent: name }),
        make('time', { textContent: brief(row.lastMessageAt), dateTime: row.lastMessageAt }),
        make('span', { className: 'last', textContent: last }),
        make('span', { className: 'chip', data: { status: row.status }, textContent: t(`status.${inCharge(row)}`) }));
        button.addEventListener('click', () => {
          onChoose(row.id);
          select(row.id, { focus: true });
        });
        return make('li', {}, button);
      },
    });
    const empty = byId('list-empty');
    empty.hidden = state.rows.length > 0;
    empty.textContent = t(byId('filter').value ? 'filterEmpty' : 'listEmpty');
    byId('list-more').hidden = !state.next || state.pages >= 4;
  }

  function renderOpen() {
    const { detail } = state;
    byId('nothing').hidden = Boolean(detail);
    byId('open').hidden = !detail;
    if (!detail) return;

    byId('open-name').textContent = detail.contactName || detail.contactPhone || '?';
    byId('open-phone').textContent = detail.contactPhone ? `+${detail.contactPhone}` : '';
    const status = byId('open-status');
    status.textContent = t(`status.${inCharge(detail)}`);
    status.dataset.status = detail.status;
    const lead = byId('open-lead');
    lead.textContent = t(`lead.${detail.qualification}`);
    lead.dataset.lead = detail.qualification;

    const isAttended = detail.status === 'human';
    const isForMe = detail.status === 'waiting' && agent() !== null;
    byId('accept').hidden = !isForMe;
    byId('decline').hidden = !isForMe || detail.userId !== agent();
    byId('take').classList.toggle('primary', !isForMe);
    byId('take').hidden = isAttended || detail.status === 'closed';
    byId('give').hidden = detail.status !== 'human' && detail.status !== 'waiting';
    byId('close').hidden = detail.status === 'closed';
    text.disabled = !isAttended;
    text.placeholder = isAttended ? t('replyHint') : '';
    byId('desk-form').querySelector('button').disabled = !isAttended;
    byId('desk-hint').textContent = t(`hint.${detail.status}`);
    renderFacts(detail);
    renderLog();
  }

  function renderFacts(detail) {
    const facts = [
      detail.score > 0 && ['score', String(detail.score)],
      detail.intent && ['intent', detail.intent.replaceAll('_', ' ')],
      detail.sentiment && ['sentiment', t(`sentiment.${detail.sentiment}`)],
      detail.handoffReason && ['handoff', detail.handoffReason.replaceAll('_', ' ')],
      ...Object.entries(detail.fields ?? {}).map(([name, value]) => [name, String(value)]),
    ].filter(Boolean);
    reconcile(byId('facts'), facts, {
      key: ([name]) => name,
      signature: ([name, value]) => `${value}|${language()}|${name}`,
      render: ([name, value]) => make('div', {},
        make('dt', { textContent: hasText(name) ? t(name) : name.replaceAll('_', ' ') }),
        make('dd', { textContent: value })),
    });
  }

  function renderLog() {
    const shown = [];
    if (state.older) shown.push({ key: 'older' });
    let last = '';
    for (const line of state.lines) {
      const label = day(line.createdAt);
      if (label !== last) shown.push({ key: `day ${label}`, label });
      last = label;
      shown.push({ ...line, key: line.id });
    }

    return keepAtEnd(log, () => reconcile(log, shown, {
      key: line => line.key,
      signature: line => [line.delivery, line.receipt, line.resent, line.label, line.editedAt,
        line.withdrawnAt, line.text, language()].join('|'),
      render: line => {
        if (line.key === 'older') return olderButton();
        return line.label ? make('div', { className: 'day', textContent: line.label }) : logLine(line);
      },
    }));
  }

  function olderButton() {
    const button = make('button', { type: 'button', className: 'older quiet', textContent: t('older') });
    button.addEventListener('click', async () => {
      const id = state.selected;
      try {
        const page = await api.messages(id, { before: state.older });
        if (id !== state.selected) return;
        state.lines = [...page.items.toReversed(), ...state.lines];
        state.older = page.next;
        renderLog()();
      } catch (refusal) {
        onFault(refusal);
      }
    });
    return button;
  }

  function logLine(line) {
    const ours = line.role === 'bot' || line.role === 'atendente';
    const isLost = line.delivery === 'cancelled' || line.delivery === 'failed';
    const foot = make('footer', { className: line.delivery === 'failed' || line.delivery === 'unknown' ? 'bad' : '' },
      make('time', { textContent: clock(line.createdAt), dateTime: line.createdAt }));
    if (line.delivery) {
      const name = line.receipt && line.delivery === 'sent' ? `receipt.${line.receipt}` : `delivery.${line.delivery}`;
      foot.append('·', make('span', { textContent: t(name) }), mark(line));
      if (line.resent) foot.append('·', t('resent'));
    }

    if (line.editedAt) foot.append('·', t('edited'));
    const kind = line.role === 'sistema' && !line.delivery ? 'note' : ours || line.role === 'sistema' ? 'ours' : '';
    const note = line.deliveryNote ? [make('small', { className: 'why', textContent: line.deliveryNote })] : [];
    return make('div', { className: `line ${kind} ${isLost ? 'lost' : ''}`, data: { role: line.role } },
      make('span', { className: 'author', textContent: t(`role.${line.role}`) }),
      ...(line.quotedMessageId ? [make('blockquote', { textContent: line.quotedText || t('quoted') })] : []),
      make('p', { textContent: words(line) }),
      ...(line.details ?? []).map(({ name, value }) =>
        make('small', { className: 'detail', textContent: `${label(name)}: ${value}` })),
      ...note,
      foot);
  }

  const label = name => (hasText(`detail.${name}`) ? t(`detail.${name}`) : name);

  /** What a line says; what a customer only did has a word of its own. */
  function words(line) {
    if (line.withdrawnAt) return t('withdrawn');
    if (hasText(`kind.${line.kind}`)) return [t(`kind.${line.kind}`), line.text].filter(Boolean).join(': ');
    return line.text || t('media', { kind: line.kind });
  }

  function mark(line) {
    if (line.delivery === 'failed' || line.delivery === 'unknown') return icon('alert', 'tick');
    if (line.delivery !== 'sent') return icon('clock', 'tick');
    if (!line.receipt) return icon('tick', 'tick');
    return icon('ticks', line.receipt === 'delivered' ? 'tick' : 'tick read');
  }

  function act(button, work, focusNext) {
    byId(button).addEventListener('click', async () => {
      byId(button).disabled = true;
      try {
        await work(state.selected);
      } catch (refusal) {
        onFault(refusal);
      } finally {
        byId(button).disabled = false;
      }

      await Promise.all([refreshOpen(), refreshList(), onActed()]);
      focusNext();
    });
  }

  const focusActions = () => byId('open').querySelector('.actions button:not([hidden])')?.focus();
  const focusReply = () => text.disabled ? focusActions() : text.focus();
  act('accept', id => api.accept(id, agent()), focusReply);
  act('decline', id => api.decline(id, agent()), focusActions);
  act('take', api.takeOver, focusReply);
  act('give', api.giveBack, focusActions);
  act('close', api.close, () => byId('list').querySelector('[aria-current="true"]')?.focus());

  byId('desk-form').addEventListener('submit', async event => {
    event.preventDefault();
    const written = text.value.trim();
    if (!written || text.disabled) return;
    text.value = '';
    try {
      await api.reply(state.selected, written);
    } catch (refusal) {
      // What was written is not lost with the refusal, nor mixed into what was typed since.
      text.value = text.value ? `${written}\n${text.value}` : written;
      onFault(refusal);
    }

    refreshOpen();
  });
  sendOnEnter(text, byId('desk-form'));
  byId('filter').addEventListener('change', () => { state.pages = 1; refreshList(); });
  byId('list-more').addEventListener('click', () => { state.pages++; refreshList(); });
  byId('back').addEventListener('click', () => {
    const left = state.selected;
    select(null);
    (byId('list').querySelector(`[data-key="${left}"] button`) ?? byId('filter')).focus();
  });

  return {
    refresh: () => Promise.all([refreshList(), refreshOpen()]),
    render: () => { renderList(); renderOpen(); },
    select,
    selected: () => state.selected,
  };
}
