const tenant = new URLSearchParams(location.search).get('tenant');

/** What the server refused, or why it could not be reached (`status` 0). */
export class Refusal extends Error {
  constructor(status, code, detail) {
    super(detail || code);
    this.status = status;
    this.code = code;
  }
}

/** An address of the API for the page's tenant. */
export function address(path, query = {}) {
  const url = new URL(`/api/v1${path}`, location.origin);
  for (const [name, value] of Object.entries({ tenant, ...query })) {
    if (value !== null && value !== undefined && value !== '') url.searchParams.set(name, value);
  }

  return url;
}

async function call(url, options) {
  let response;
  try {
    response = await fetch(url, { cache: 'no-store', ...options });
  } catch {
    throw new Refusal(0, 'offline');
  }

  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  const body = isJson ? await response.json().catch(() => null) : null;
  if (!response.ok) throw new Refusal(response.status, body?.code ?? 'failed', body?.detail);
  return body;
}

const get = (path, query) => call(address(path, query));

const post = (path, body, method = 'POST') => call(address(path), {
  method,
  headers: body ? { 'Content-Type': 'application/json' } : {},
  body: body ? JSON.stringify(body) : undefined,
});

export const channels = async () => (await get('/sandbox/channels')).items;
export const conversations = query => get('/conversations', query);
export const conversation = id => get(`/conversations/${id}`);
export const messages = (id, query) => get(`/conversations/${id}/messages`, query);
export const takeOver = id => post(`/conversations/${id}/takeover`);
export const giveBack = id => post(`/conversations/${id}/give-back`);
export const accept = (id, agentId) => post(`/conversations/${id}/accept`, { agentId });
export const decline = (id, agentId) => post(`/conversations/${id}/decline`, { agentId });
export const close = id => post(`/conversations/${id}/close`);
export const reply = (id, text) => post(`/conversations/${id}/replies`, { text });
export const handoffs = async () => (await get('/handoffs')).items;
export const agents = async () => (await get('/agents', { active: true, limit: 200 })).items;
export const setPresence = (id, presence) => post(`/agents/${id}/presence`, { presence }, 'PUT');

/** What the provider would send: the same webhook, signed with the channel's token. */
export const asCustomer = (channel, customer, message) => call(channel.webhookUrl, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-Sandbox-Token': channel.token },
  body: JSON.stringify({
    messages: [{
      id: message.id,
      from: customer.phone,
      name: customer.name,
      type: 'text',
      text: message.text,
      timestamp: Math.floor(message.at / 1000),
    }],
  }),
});

/** Ids that are unique without a secure context, where crypto.randomUUID is missing. */
export const newId = () => 'sandbox.' + [...crypto.getRandomValues(new Uint8Array(12))]
  .map(byte => byte.toString(16).padStart(2, '0')).join('');
