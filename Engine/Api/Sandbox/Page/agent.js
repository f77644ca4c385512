import * as api from './api.js';
import { byId, coalesce, make, reconcile } from './dom.js';
import { language, t } from './texts.js';

const KEPT = 'vellarys.agent';

/** Who sits at the desk, and whether they are there. A tenant without agents sees nothing of it. */
export function createAgent({ onChange, onFault, onStale }) {
  const state = { agents: [], chosen: localStorage.getItem(KEPT), isBusy: false };
  const select = byId('agent');
  const available = byId('available');

  const current = () => state.agents.find(a => a.id === state.chosen) ?? null;

  const refresh = coalesce(async () => {
    try {
      state.agents = await api.agents();
      render();
      onChange();
    } catch (refusal) {
      onStale(refusal);
    }
  });

  function render() {
    byId('me').hidden = state.agents.length === 0;
    reconcile(select, [{ id: '', name: t('choose') }, ...state.agents], {
      key: agent => agent.id,
      signature: agent => [agent.name, agent.role, language()].join('|'),
      render: agent => make('option', {
        value: agent.id,
        textContent: agent.role === 'supervisor' ? t('supervisor', { name: agent.name }) : agent.name,
      }),
    });
    select.value = current()?.id ?? '';
    available.hidden = current() === null;
    available.setAttribute('aria-checked', String(current()?.presence === 'online'));
  }

  select.addEventListener('change', () => {
    state.chosen = select.value;
    localStorage.setItem(KEPT, state.chosen);
    render();
    onChange();
  });

  available.addEventListener('click', async () => {
    const agent = current();
    if (!agent || state.isBusy) return;
    state.isBusy = true;
    try {
      await api.setPresence(agent.id, agent.presence === 'online' ? 'away' : 'online');
    } catch (refusal) {
      onFault(refusal);
    } finally {
      state.isBusy = false;
    }

    await refresh();
  });

  return { refresh, render, chosen: () => current()?.id ?? null };
}
