const pt = {
  sandbox: 'Sandbox', skip: 'Ir para a mensagem', language: 'Idioma', phone: 'Telefone', desk: 'Atendimento',
  live: 'Ao vivo', connecting: 'Conectando…', reconnecting: 'Sem conexão. Tentando de novo…',
  polling: 'Atualizando a cada 5 s', dismiss: 'Fechar aviso',
  phoneTitle: 'Telefone do cliente', customers: 'Clientes', newCustomer: 'Novo cliente',
  phoneLog: 'Conversa no telefone',
  writeAsCustomer: 'Escrever como {name}', message: 'Mensagem', send: 'Enviar', online: 'online', typing: 'digitando…',
  phoneEmpty: 'Escreva como se fosse {name}. A mensagem segue o caminho real até a resposta.',
  retry: 'Enviar de novo', news: 'mensagem nova', today: 'Hoje', yesterday: 'Ontem',
  conversations: 'Conversas', filter: 'Mostrar', all: 'Todas', more: 'Mostrar mais', older: 'Mensagens anteriores',
  listEmpty: 'Nenhuma conversa ainda. Escreva a primeira mensagem no telefone.', filterEmpty: 'Nenhuma conversa aqui.',
  nothingSelected: 'Escolha uma conversa para ver o que a equipe vê.', deskLog: 'Registro da conversa', back: 'Voltar',
  take: 'Assumir', give: 'Devolver', close: 'Encerrar', replyAsStaff: 'Responder ao cliente',
  replyHint: 'Responder como atendente',
  'hint.bot': 'A automação está respondendo. Assuma a conversa para escrever.',
  'hint.waiting': 'O cliente espera por uma pessoa. Assuma a conversa para escrever.',
  'hint.human': '', 'hint.closed': 'Conversa encerrada.',
  name: 'Nome', number: 'Número', numberHint: 'Só dígitos, com o código do país.', cancel: 'Cancelar', start: 'Começar',
  'status.bot': 'Automação', 'status.waiting': 'Espera', 'status.human': 'Atendimento', 'status.closed': 'Encerrado',
  'lead.unknown': 'Sem qualificação', 'lead.cold': 'Frio', 'lead.warm': 'Morno', 'lead.hot': 'Quente',
  'role.cliente': 'Cliente', 'role.bot': 'Automação', 'role.atendente': 'Atendente', 'role.sistema': 'Sistema',
  'state.clock': 'Enviando', 'state.accepted': 'Recebida', 'state.recorded': 'Registrada', 'state.answered': 'Lida',
  'delivery.pending': 'Na fila', 'delivery.sending': 'Enviando', 'delivery.sent': 'Enviada',
  'delivery.failed': 'Falhou',
  'delivery.unknown': 'Sem confirmação', 'delivery.cancelled': 'Não enviada',
  'receipt.delivered': 'Entregue', 'receipt.read': 'Lida', 'receipt.played': 'Ouvida', resent: 'enviada de novo',
  score: 'Pontuação', intent: 'Intenção', sentiment: 'Humor', handoff: 'Motivo', summary: 'Resumo',
  media: 'Mídia ({kind})',
  'sentiment.neutral': 'neutro', 'sentiment.positive': 'positivo', 'sentiment.negative': 'negativo',
  noChannel: 'Este cliente da plataforma não tem um canal sandbox ativo. Crie um para usar o telefone.',
  offline: 'O servidor não respondeu.', key_required: 'É preciso uma chave: abra /sandbox?key=… uma vez.',
  local_only: 'Sem chave, a página só abre na própria máquina.',
  conversation_not_found: 'Esta conversa não existe mais.',
  tenant_not_found: 'Não existe cliente da plataforma com este identificador.', failed: 'Não foi possível: {detail}',
  needsTenant: 'Há mais de um cliente da plataforma: abra /sandbox?tenant=… com o identificador de um deles.',
  iAm: 'Eu sou', choose: 'escolha…', supervisor: '{name} (supervisão)', available: 'Disponível',
  accept: 'Aceitar', decline: 'Recusar', queue: 'Fila de espera', queueSaid: 'Na fila de espera: {count}',
  now: 'agora', asked: 'oferecida a {name}', unasked: 'ninguém chamado ainda',
  'reason.customer_asked': 'Pediu uma pessoa', 'reason.hot_lead': 'Pronto para comprar',
  'reason.complaint': 'Reclamação', 'reason.assistant_unsure': 'Automação em dúvida',
  'reason.attempts_exhausted': 'Automação não conseguiu', 'reason.guard': 'Resposta retida',
  'reason.phone_silent': 'Sem resposta no celular da empresa',
  'reason.undelivered': 'Resposta não entregue',
  'reason.number_given_up': 'O número mudou de dono',
  'reason.loop': 'Outra resposta automática', 'status.phone': 'No celular',
  taken: 'Outra pessoa já assumiu esta conversa.', offered_to_another: 'A conversa está oferecida a outra pessoa.',
  not_waiting: 'Esta conversa não espera por uma pessoa.', not_offered: 'A conversa não está oferecida a você.',
  conversation_closed: 'Esta conversa já foi encerrada.', agent_not_found: 'Este atendente não existe mais.',
  agent_inactive: 'Este atendente não está ativo.',
  edited: 'editada', withdrawn: 'Apagada pelo cliente', quoted: 'mensagem citada',
  'kind.reaction': 'Reagiu', 'kind.edit': 'Editou', 'kind.revoke': 'Apagou uma mensagem',
  'kind.call': 'Ligou, sem resposta', 'kind.unsupported': 'Enviou algo que não pode ser lido aqui',
  'detail.ad.headline': 'Anúncio', 'detail.ad.body': 'Texto do anúncio', 'detail.item': 'Item', 'detail.total': 'Total',
  'detail.contact': 'Contato', 'detail.place.name': 'Lugar', 'detail.place.address': 'Endereço',
  'detail.file': 'Arquivo', 'detail.product': 'Produto', 'detail.forwarded': 'Encaminhada',
  'reason.window_closed': 'Chegou tarde: fora da janela de 24 horas',
};

const en = {
  sandbox: 'Sandbox', skip: 'Skip to the message box', language: 'Language', phone: 'Phone', desk: 'Desk',
  live: 'Live', connecting: 'Connecting…', reconnecting: 'No connection. Trying again…',
  polling: 'Looking every 5 s', dismiss: 'Dismiss',
  phoneTitle: "The customer's phone", customers: 'Customers', newCustomer: 'New customer',
  phoneLog: 'Chat on the phone',
  writeAsCustomer: 'Write as {name}', message: 'Message', send: 'Send', online: 'online', typing: 'typing…',
  phoneEmpty: 'Write as if you were {name}. The message takes the real path to its answer.',
  retry: 'Send again', news: 'new message', today: 'Today', yesterday: 'Yesterday',
  conversations: 'Conversations', filter: 'Show', all: 'All', more: 'Show more', older: 'Earlier messages',
  listEmpty: 'No conversations yet. Write the first message on the phone.', filterEmpty: 'No conversations here.',
  nothingSelected: 'Choose a conversation to see what the team sees.', deskLog: 'Conversation log', back: 'Back',
  take: 'Take over', give: 'Give back', close: 'Close', replyAsStaff: 'Reply to the customer',
  replyHint: 'Reply as staff',
  'hint.bot': 'The bot is answering. Take the conversation over to write.',
  'hint.waiting': 'The customer waits for a person. Take the conversation over to write.',
  'hint.human': '', 'hint.closed': 'This conversation is closed.',
  name: 'Name', number: 'Number', numberHint: 'Digits only, country code first.', cancel: 'Cancel', start: 'Start',
  'status.bot': 'Bot', 'status.waiting': 'Waiting', 'status.human': 'Attended', 'status.closed': 'Closed',
  'lead.unknown': 'Not qualified', 'lead.cold': 'Cold', 'lead.warm': 'Warm', 'lead.hot': 'Hot',
  'role.cliente': 'Customer', 'role.bot': 'Bot', 'role.atendente': 'Staff', 'role.sistema': 'System',
  'state.clock': 'Sending', 'state.accepted': 'Received', 'state.recorded': 'Recorded', 'state.answered': 'Read',
  'delivery.pending': 'Queued', 'delivery.sending': 'Sending', 'delivery.sent': 'Sent', 'delivery.failed': 'Failed',
  'delivery.unknown': 'Unconfirmed', 'delivery.cancelled': 'Not sent',
  'receipt.delivered': 'Delivered', 'receipt.read': 'Read', 'receipt.played': 'Played', resent: 'sent again',
  score: 'Score', intent: 'Intent', sentiment: 'Mood', handoff: 'Reason', summary: 'Summary', media: 'Media ({kind})',
  'sentiment.neutral': 'neutral', 'sentiment.positive': 'positive', 'sentiment.negative': 'negative',
  noChannel: 'This tenant has no active sandbox channel. Create one to use the phone.',
  offline: 'The server did not answer.', key_required: 'A key is needed: open /sandbox?key=… once.',
  local_only: 'Without a key the page opens on the machine itself only.',
  conversation_not_found: 'This conversation is gone.',
  tenant_not_found: 'There is no tenant with this id.', failed: 'Not possible: {detail}',
  needsTenant: 'There is more than one tenant: open /sandbox?tenant=… with the id of one.',
  iAm: 'I am', choose: 'choose…', supervisor: '{name} (supervisor)', available: 'Available',
  accept: 'Accept', decline: 'Decline', queue: 'Waiting queue', queueSaid: 'In the waiting queue: {count}',
  now: 'now', asked: 'offered to {name}', unasked: 'nobody asked yet',
  'reason.customer_asked': 'Asked for a person', 'reason.hot_lead': 'Ready to buy',
  'reason.complaint': 'Complaint', 'reason.assistant_unsure': 'The bot was unsure',
  'reason.attempts_exhausted': 'The bot did not manage', 'reason.guard': 'Answer held back',
  'reason.phone_silent': 'No answer on the company\'s phone',
  'reason.undelivered': 'Reply not delivered',
  'reason.number_given_up': 'The number was given up',
  'reason.loop': 'Another automatic reply', 'status.phone': 'On the phone',
  taken: 'Somebody else has taken this conversation.', offered_to_another: 'It is offered to somebody else.',
  not_waiting: 'This conversation does not wait for a person.', not_offered: 'It is not offered to you.',
  conversation_closed: 'This conversation is closed already.', agent_not_found: 'There is no such agent any more.',
  agent_inactive: 'This agent is not active.',
  edited: 'edited', withdrawn: 'Deleted by the customer', quoted: 'quoted message',
  'kind.reaction': 'Reacted', 'kind.edit': 'Edited', 'kind.revoke': 'Deleted a message',
  'kind.call': 'Called, unanswered', 'kind.unsupported': 'Sent something that cannot be read here',
  'detail.ad.headline': 'Ad', 'detail.ad.body': "Ad's text", 'detail.item': 'Item', 'detail.total': 'Total',
  'detail.contact': 'Contact', 'detail.place.name': 'Place', 'detail.place.address': 'Address',
  'detail.file': 'File', 'detail.product': 'Product', 'detail.forwarded': 'Forwarded',
  'reason.window_closed': 'Came late: outside the 24-hour window',
};

const es = {
  sandbox: 'Sandbox', skip: 'Ir al mensaje', language: 'Idioma', phone: 'Teléfono', desk: 'Atención',
  live: 'En vivo', connecting: 'Conectando…', reconnecting: 'Sin conexión. Intentando de nuevo…',
  polling: 'Actualizando cada 5 s',
  dismiss: 'Cerrar aviso',
  phoneTitle: 'Teléfono del cliente', customers: 'Clientes', newCustomer: 'Nuevo cliente',
  phoneLog: 'Chat en el teléfono',
  writeAsCustomer: 'Escribir como {name}', message: 'Mensaje', send: 'Enviar', online: 'en línea',
  typing: 'escribiendo…',
  phoneEmpty: 'Escribe como si fueras {name}. El mensaje sigue el camino real hasta su respuesta.',
  retry: 'Enviar de nuevo', news: 'mensaje nuevo', today: 'Hoy', yesterday: 'Ayer',
  conversations: 'Conversaciones', filter: 'Mostrar', all: 'Todas', more: 'Mostrar más', older: 'Mensajes anteriores',
  listEmpty: 'Aún no hay conversaciones. Escribe el primer mensaje en el teléfono.',
  filterEmpty: 'No hay conversaciones aquí.',
  nothingSelected: 'Elige una conversación para ver lo que ve el equipo.', deskLog: 'Registro de la conversación',
  back: 'Volver',
  take: 'Asumir', give: 'Devolver', close: 'Cerrar', replyAsStaff: 'Responder al cliente',
  replyHint: 'Responder como agente',
  'hint.bot': 'La automatización está respondiendo. Asume la conversación para escribir.',
  'hint.waiting': 'El cliente espera a una persona. Asume la conversación para escribir.',
  'hint.human': '', 'hint.closed': 'Conversación cerrada.',
  name: 'Nombre', number: 'Número', numberHint: 'Solo dígitos, con el código del país.', cancel: 'Cancelar',
  start: 'Empezar',
  'status.bot': 'Automático', 'status.waiting': 'En espera', 'status.human': 'En atención', 'status.closed': 'Cerrada',
  'lead.unknown': 'Sin calificar', 'lead.cold': 'Frío', 'lead.warm': 'Tibio', 'lead.hot': 'Caliente',
  'role.cliente': 'Cliente', 'role.bot': 'Automático', 'role.atendente': 'Agente', 'role.sistema': 'Sistema',
  'state.clock': 'Enviando', 'state.accepted': 'Recibido', 'state.recorded': 'Registrado', 'state.answered': 'Leído',
  'delivery.pending': 'En cola', 'delivery.sending': 'Enviando', 'delivery.sent': 'Enviado', 'delivery.failed': 'Falló',
  'delivery.unknown': 'Sin confirmación', 'delivery.cancelled': 'No enviado',
  'receipt.delivered': 'Entregado', 'receipt.read': 'Leído', 'receipt.played': 'Escuchado', resent: 'enviado de nuevo',
  score: 'Puntuación', intent: 'Intención', sentiment: 'Ánimo', handoff: 'Motivo', summary: 'Resumen',
  media: 'Medio ({kind})',
  'sentiment.neutral': 'neutro', 'sentiment.positive': 'positivo', 'sentiment.negative': 'negativo',
  noChannel: 'Este cliente de la plataforma no tiene un canal sandbox activo. Crea uno para usar el teléfono.',
  offline: 'El servidor no respondió.', key_required: 'Hace falta una clave: abre /sandbox?key=… una vez.',
  local_only: 'Sin clave, la página solo se abre en la propia máquina.',
  conversation_not_found: 'Esta conversación ya no existe.',
  tenant_not_found: 'No existe un cliente de la plataforma con este identificador.', failed: 'No fue posible: {detail}',
  needsTenant: 'Hay más de un cliente de la plataforma: abre /sandbox?tenant=… con el identificador de uno.',
  iAm: 'Soy', choose: 'elige…', supervisor: '{name} (supervisión)', available: 'Disponible',
  accept: 'Aceptar', decline: 'Rechazar', queue: 'Cola de espera', queueSaid: 'En la cola de espera: {count}',
  now: 'ahora', asked: 'ofrecida a {name}', unasked: 'aún no se llamó a nadie',
  'reason.customer_asked': 'Pidió una persona', 'reason.hot_lead': 'Listo para comprar',
  'reason.complaint': 'Reclamo', 'reason.assistant_unsure': 'El automático dudó',
  'reason.attempts_exhausted': 'El automático no lo logró', 'reason.guard': 'Respuesta retenida',
  'reason.phone_silent': 'Sin respuesta en el celular de la empresa',
  'reason.undelivered': 'Respuesta no entregada',
  'reason.number_given_up': 'El número cambió de dueño',
  'reason.loop': 'Otra respuesta automática', 'status.phone': 'En el celular',
  taken: 'Otra persona ya asumió esta conversación.', offered_to_another: 'Está ofrecida a otra persona.',
  not_waiting: 'Esta conversación no espera a una persona.', not_offered: 'No está ofrecida a ti.',
  conversation_closed: 'Esta conversación ya está cerrada.', agent_not_found: 'Este agente ya no existe.',
  agent_inactive: 'Este agente no está activo.',
  edited: 'editado', withdrawn: 'Eliminado por el cliente', quoted: 'mensaje citado',
  'kind.reaction': 'Reaccionó', 'kind.edit': 'Editó', 'kind.revoke': 'Eliminó un mensaje',
  'kind.call': 'Llamó, sin respuesta', 'kind.unsupported': 'Envió algo que no se puede leer aquí',
  'detail.ad.headline': 'Anuncio', 'detail.ad.body': 'Texto del anuncio', 'detail.item': 'Artículo',
  'detail.total': 'Total', 'detail.contact': 'Contacto', 'detail.place.name': 'Lugar',
  'detail.place.address': 'Dirección', 'detail.file': 'Archivo', 'detail.product': 'Producto',
  'detail.forwarded': 'Reenviado', 'reason.window_closed': 'Llegó tarde: fuera de la ventana de 24 horas',
};

const ALL = { 'pt-BR': pt, en, es };
const KEPT = 'vellarys.language';

function initial() {
  const wanted = [localStorage.getItem(KEPT), ...navigator.languages ?? []].filter(Boolean);
  for (const tag of wanted) {
    const found = Object.keys(ALL).find(known => known.slice(0, 2) === tag.slice(0, 2).toLowerCase());
    if (found) return found;
  }

  return 'pt-BR';
}

let current = initial();

export const language = () => current;

export function setLanguage(tag) {
  current = tag;
  localStorage.setItem(KEPT, tag);
}

// What customers and models call things is looked up here too: `constructor` is no text, and every object has one.
const own = (object, key) => Object.hasOwn(object, key) ? object[key] : undefined;

/** The text for a key, in the language chosen; the key itself where there is none, so that a gap is seen. */
export const t = (key, values = {}) =>
  (own(ALL[current], key) ?? String(key)).replace(/\{(\w+)\}/g, (_, name) => own(values, name) ?? '');

export const hasText = key => Object.hasOwn(pt, key);

/** Fills what the page itself says. */
export function translate(root) {
  document.documentElement.lang = current;
  for (const element of root.querySelectorAll('[data-text]')) element.textContent = t(element.dataset.text);
  for (const element of root.querySelectorAll('[data-label]')) {
    element.setAttribute('aria-label', t(element.dataset.label));
  }
  for (const element of root.querySelectorAll('[data-title]')) element.title = t(element.dataset.title);
  for (const element of root.querySelectorAll('[data-hint]')) element.placeholder = t(element.dataset.hint);
}

export const clock = at => new Intl.DateTimeFormat(current, { hour: '2-digit',
minute: '2-digit' }).format(new Date(at));

export function day(at) {
  const date = new Date(at);
  const today = new Date();
  const days = Math.round((new Date(today).setHours(0, 0, 0, 0) - new Date(date).setHours(0, 0, 0, 0)) / 86_400_000);
  if (days === 0) return t('today');
  if (days === 1) return t('yesterday');
  return new Intl.DateTimeFormat(current, { day: 'numeric', month: 'long' }).format(date);
}

/** For a list: the time today, the date before. */
export const brief = at => day(at) === t('today')
  ? clock(at)
  : new Intl.DateTimeFormat(current, { day: '2-digit', month: '2-digit' }).format(new Date(at));

/** How long ago, in whole minutes and up: a wait. */
export function elapsed(since) {
  const minutes = Math.floor((Date.now() - new Date(since)) / 60_000);
  if (minutes < 1) return t('now');
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d`;
}
