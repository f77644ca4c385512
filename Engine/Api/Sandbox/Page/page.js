import * as api from './api.js';
import { createDesk } from './desk.js';
import { byId } from './dom.js';
import { listen } from './live.js';
import { createPhone } from './phone.js';
import { hasText, language, setLanguage, t, translate } from './texts.js';

let phone = null;
let latest = [];
let followed = false;
let liveState = 'connecting';

function showLive() {
  byId('live').dataset.state = liveState;
  byId('live-text').textContent = t({ on: 'live', off: 'reconnecting' }[liveState] ?? 'connecting');
}

/** Says what went wrong until it is dismissed; being offline, until the connection is back. */
function showFault(refusal) {
  if (refusal.status === undefined) throw refusal;
  byId('notice-text').textContent = refusal.status === 400 && /tenant/i.test(refusal.message)
    ? t('needsTenant')
    : hasText(refusal.code) && refusal.code !== 'failed' ? t(refusal.code) : t('failed', { detail: refusal.message });
  byId('notice').dataset.code = refusal.code;
  byId('notice').hidden = false;
}

function show(pane) {
  document.body.dataset.pane = pane;
  for (const name of ['phone', 'desk']) byId(`tab-${name}`).setAttribute('aria-pressed', String(name === pane));
}

const desk = createDesk({
  onFault: showFault,
  onRows: (rows, status) => {
    const waiting = rows.filter(row => row.unanswered && row.status !== 'bot').length;
    byId('tab-count').textContent = waiting;
    byId('tab-count').hidden = waiting === 0;
    if (status) return;
    latest = rows;
    phone?.showRows(rows);
    follow(rows);
  },
});

/** The desk opens the conversation of the phone in hand, unless somebody chose another one of it. */
function follow(rows) {
  const open = desk.selected();
  const row = rows.find(r => r.contactPhone === phone?.current());
  if (!row || row.id === open?.id) return;
  const isNarrow = matchMedia('(max-width: 820px)').matches;
  const wasReplaced = open?.contactPhone === row.contactPhone && open.status === 'closed' && row.status !== 'closed';
  if (wasReplaced || (!open && !isNarrow && !followed)) desk.select(row.id);
  followed ||= Boolean(open) || !isNarrow;
}

byId('language').value = language();
byId('language').addEventListener('change', event => {
  setLanguage(event.target.value);
  translate(document);
  showLive();
  desk.render();
  phone?.render();
});
byId('notice-close').addEventListener('click', () => { byId('notice').hidden = true; });
byId('tab-phone').addEventListener('click', () => show('phone'));
byId('tab-desk').addEventListener('click', () => show('desk'));

// Both logs show the same messages; only the one of the side in use speaks.
for (const [pane, log, other] of [['.phone-pane', 'chat', 'log'], ['.desk-pane', 'log', 'chat']]) {
  document.querySelector(pane).addEventListener('focusin', () => {
    byId(log).setAttribute('aria-live', 'polite');
    byId(other).setAttribute('aria-live', 'off');
  });
}

async function start() {
  translate(document);
  showLive();
  try {
    const [channel] = await api.channels();
    if (channel) {
      phone = createPhone({
        channel,
        onFault: showFault,
        onSwitch: current => {
          const row = latest.find(r => r.contactPhone === current);
          if (row && !matchMedia('(max-width: 820px)').matches) desk.select(row.id);
        },
      });
    } else {
      showFault(new api.Refusal(404, 'noChannel'));
      byId('phone-text').disabled = true;
      byId('add').disabled = true;
    }
  } catch (refusal) {
    showFault(refusal);
  }

  listen({
    onChange: () => {
      desk.refresh();
      phone?.refresh();
    },
    onState: state => {
      liveState = state;
      showLive();
      if (state === 'on' && byId('notice').dataset.code === 'offline') byId('notice').hidden = true;
    },
  });
}

start();
