import * as api from './api.js';
import { createAgent } from './agent.js';
import { createDesk } from './desk.js';
import { byId } from './dom.js';
import { listen } from './live.js';
import { createPhone } from './phone.js';
import { createQueue } from './queue.js';
import { hasText, language, setLanguage, t, translate } from './texts.js';

let phone = null;
let latest = [];
let isFollowing = true;
let lookAgain = null;
let wait = 2000;

const isNarrow = () => matchMedia('(max-width: 820px)').matches;
let liveState = 'connecting';

let isStale = false;

function showLive() {
  // Polling that does not get through is no connection either.
  const state = liveState === 'polling' && isStale ? 'off' : liveState;
  byId('live').dataset.state = state;
  byId('live-text').textContent = t({ on: 'live', off: 'reconnecting', polling: 'polling' }[state] ?? 'connecting');
}

/** Says what went wrong until it is dismissed; what passes by itself, until it has passed. */
function showFault(refusal, passes = false) {
  if (refusal.status === undefined) throw refusal;
  byId('notice-text').textContent = refusal.status === 400 && /tenant/i.test(refusal.message)
    ? t('needsTenant')
    : hasText(refusal.code) && refusal.code !== 'failed' ? t(refusal.code) : t('failed', { detail: refusal.message });
  byId('notice').dataset.passes = passes;
  byId('notice').hidden = false;
}

/** What is shown may be out of date: looks again, at longer and longer intervals, until that works. */
function showStale(refusal) {
  const passes = refusal.status === 0 || refusal.status >= 500;
  showFault(refusal, passes);
  isStale = true;
  showLive();
  if (!passes || lookAgain) return;
  lookAgain = setTimeout(() => {
    lookAgain = null;
    refresh();
  }, wait);
  wait = Math.min(wait * 2, 30_000);
}

function showFresh() {
  clearTimeout(lookAgain);
  lookAgain = null;
  wait = 2000;
  isStale = false;
  showLive();
  if (byId('notice').dataset.passes === 'true') byId('notice').hidden = true;
}

function refresh(kind) {
  desk.refresh();
  queue.refresh();
  if (kind !== 'message' && kind !== 'delivery') agent.refresh();
  phone?.refresh();
}

function show(pane) {
  document.body.dataset.pane = pane;
  for (const name of ['phone', 'desk']) byId(`tab-${name}`).setAttribute('aria-pressed', String(name === pane));
}

/** Somebody chose a conversation: it stays, unless it is the one of the phone in hand. */
function unfollow(id) {
  isFollowing = latest.find(r => r.id === id)?.contactPhone === phone?.current();
}

const agent = createAgent({ onFault: showFault, onStale: showStale, onChange: () => desk.render() });

const queue = createQueue({
  onStale: showStale,
  onOpen: id => {
    unfollow(id);
    desk.select(id, { focus: true });
  },
});

const desk = createDesk({
  agent: agent.chosen,
  onSelect: queue.showSelected,
  onActed: queue.refresh,
  onFault: showFault,
  onStale: showStale,
  onFresh: showFresh,
  onChoose: unfollow,
  onRows: (rows, status) => {
    const waiting = rows.filter(row => row.unanswered && row.status !== 'bot').length;
    byId('tab-count').textContent = waiting;
    byId('tab-count').hidden = waiting === 0;
    if (status) return;
    latest = rows;
    phone?.showRows(rows);
    follow();
  },
});

/** The desk shows the conversation of the phone in hand until somebody chooses another from the list. */
function follow() {
  if (!isFollowing || isNarrow() || !phone) return;
  const row = latest.find(r => r.contactPhone === phone.current());
  if ((row?.id ?? null) !== desk.selected()) desk.select(row?.id ?? null);
}

byId('language').value = language();
byId('language').addEventListener('change', event => {
  setLanguage(event.target.value);
  translate(document);
  showLive();
  agent.render();
  queue.render();
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
        onStale: showStale,
        onSwitch: () => {
          isFollowing = true;
          follow();
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
    onChange: refresh,
    onState: state => {
      liveState = state;
      showLive();
    },
  });
}

start();
