import * as api from './api.js';
import { byId, coalesce, make, reconcile } from './dom.js';
import { elapsed, hasText, language, t } from './texts.js';

const TICK = 5_000;

/** The customers who wait for a person, in the order in which they are served. */
export function createQueue({ onOpen, onStale }) {
  const state = { rows: [], selected: null };

  const refresh = coalesce(async () => {
    try {
      state.rows = (await api.handoffs()).map((row, index) => ({ ...row, place: index + 1 }));
      render();
    } catch (refusal) {
      onStale(refusal);
    }
  });

  function render() {
    const count = state.rows.length;
    byId('queue').hidden = count === 0;
    byId('queue-count').textContent = count;
    const said = t('queueSaid', { count });
    // Said when it changes; that nobody waits is nothing to say at the start.
    if (byId('queue-said').textContent !== said && (count > 0 || byId('queue-said').textContent)) {
      byId('queue-said').textContent = said;
    }

    reconcile(byId('queue-list'), state.rows, {
      key: row => row.conversationId,
      signature: row => JSON.stringify([row.place, row.contactName, row.reason, row.qualification, row.offeredToName,
        elapsed(row.waitingSince), row.conversationId === state.selected, language()]),
      render: line,
    });
  }

  function line(row) {
    const name = row.contactName || '?';
    const wait = elapsed(row.waitingSince);
    const why = hasText(`reason.${row.reason}`) ? t(`reason.${row.reason}`) : (row.reason ?? '').replaceAll('_', ' ');
    const who = row.offeredToName ? t('asked', { name: row.offeredToName }) : t('unasked');
    const lead = t(`lead.${row.qualification}`);
    const button = make('button', {
      type: 'button',
      className: 'waiter',
      attr: {
        'aria-current': String(row.conversationId === state.selected),
        'aria-label': [`${row.place}. ${name}`, why, lead, wait, who].filter(Boolean).join(', '),
      },
    },
    make('span', { className: 'chip', data: { lead: row.qualification }, title: lead, textContent: row.place }),
    make('strong', { textContent: name }),
    make('time', { textContent: wait, dateTime: row.waitingSince }),
    make('span', { className: 'why' }, [why, who].filter(Boolean).join(' · ')));
    button.addEventListener('click', () => onOpen(row.conversationId));
    return make('li', {}, button);
  }

  // Touches only what says another minute by now.
  setInterval(render, TICK);

  return {
    refresh,
    render,
    showSelected: id => {
      state.selected = id;
      render();
    },
  };
}
