namespace Vellarys.Tests.Conversations.OptOut;

/// <summary>What people write, line by line.</summary>
internal static class OptOutPhrases
{
    /// <summary>Wishes to hear no more.</summary>
    public static readonly string[] Leaving = Lines(
        """
        sair
        SAIR
        Sair, obrigado!
        Oi, sair por favor
        quero sair
        Parar
        PARE
        parem!
        stop
        STOP
        Stop. Thank you
        please stop
        pode parar
        unsubscribe
        unsuscribe
        descadastrar
        me descadastrem por favor
        Descadastra meu número aí
        quero me descadastar
        remover
        cancelar inscrição
        por favor não me mande mais mensagens
        Não quero mais receber mensagens de vocês
        nao quero mais receber msg
        nao quero receber propaganda
        não quero mais receber
        não quero receber mais nada
        Não desejo receber novidades
        não tenho interesse em receber promoções
        não gostaria de receber mais mensagens
        n quero mais msgs de vcs
        Não quero propaganda
        não quero mais essas mensagens
        quero sair da lista
        quero sair dessa lista de transmissão
        me tira dessa lista
        me tirem da lista por favor
        vocês podem me tirar da lista?
        pode me remover da lista de contatos
        tira meu número da lista
        tirem meu nome dessa lista
        remove meu número
        apaga meu contato por favor
        exclua meu telefone da base
        como faço para sair da lista?
        para de me mandar propaganda
        Para de mandar mensagem
        parem de mandar mensagens
        pare de me enviar isso
        pode parar de me mandar promoção por favor
        para de me encher
        parem de me incomodar
        parem com as mensagens
        parar promoções
        Quero parar de receber mensagens
        quero deixar de receber promoções
        não me mandem mais nada
        não me mande mais
        não mandem mais mensagens por favor
        nao me envie mais promocoes
        não enviar mais mensagens
        favor não enviar mais propaganda
        não precisa mais me mandar mensagem
        nunca mais me mandem mensagem
        não me incomodem mais
        chega de propaganda
        chega de mensagens!
        chega de spam, me tira da lista
        me deixa em paz
        me deixem em paz por favor
        cancela essas mensagens
        cancelar o recebimento de mensagens
        quero cancelar as notificações
        desativar notificações
        revogo meu consentimento
        não autorizo o envio de mensagens
        não aceito receber publicidade
        me remova
        me tira daqui
        oi boa tarde, não quero mais receber mensagens, obrigada
        Não quero mais receber mensagems
        não quero mais receber mensagnes
        nao qero mais, parem de mandar mensagem
        quero que parem de me mandar mensagens
        Não quero mais receber promoções, mas qual o status do meu pedido?
        salir
        Darme de baja
        darme de baja por favor
        dar de baja
        quiero dar de baja, gracias
        quiero darme de baja
        dame de baja de la lista
        denme de baja
        quiero darme de baja de los mensajes
        baja de la lista
        no enviar mas
        no quiero recibir más mensajes
        no quiero más mensajes
        ya no quiero recibir publicidad
        No deseo recibir promociones
        no me interesa recibir ofertas
        por favor no me envíen más mensajes
        no me manden más publicidad
        no me manden nada
        no me escriban más
        dejen de enviarme mensajes
        deja de mandarme publicidad
        dejen de escribirme
        paren de mandar mensajes
        quiero dejar de recibir mensajes
        quiero salir de la lista
        sáquenme de la lista
        quítame de la lista por favor
        elimínenme de su lista
        borren mi número
        basta de mensajes
        no más publicidad
        déjenme en paz
        no me molesten más
        cancelar la suscripción a los mensajes
        retiro mi consentimiento
        desuscribirme
        no autorizo el envío de publicidad
        I don't want to receive any more messages
        I no longer want to receive your messages
        i dont want your messages
        don't send me messages
        do not send me any more promotions
        please do not contact me
        don't text me anymore
        stop texting me
        stop sending me messages
        stop messaging me
        stop contacting me please
        please stop sending me this
        stop the messages
        stop promotions
        Stop sending promotional messages
        no more messages please
        not interested in receiving offers
        remove me from your list
        take me off your list
        please take me off the mailing list
        remove my number
        delete my number from your list
        remove me please
        how do I unsubscribe?
        please unsubscribe me from your messages
        opt out
        I want to opt out
        leave me alone
        stop spamming me
        enough spam
        I withdraw my consent
        não quero mensagens
        nao quero mensagem de voces
        não quero suas propagandas
        não quero propaganda no meu whatsapp
        não quero propaganda no meu celular, por favor
        não quero mensagens automáticas
        não quero nenhuma mensagem de promoção
        não quero mensagem de vocês todo dia
        não quero mais novidades
        não quero mais promo
        não quero contato comercial
        não quero mais mensagem dessa loja
        não me escrevam mais
        não me enviem mais ofertas da semana
        não precisa mais me mandar propaganda, obrigado
        não mandem spam
        não enviem propaganda para mim
        não me mandem email
        me tira por favor dessa lista
        chega de mensagem de vocês
        nada de propaganda
        para de me perturbar
        cancela as mensagens promocionais
        no quiero mensajes
        no quiero mensajes de ustedes
        no quiero publicidad en mi teléfono
        no quiero recibir más campañas
        no quiero recibir novedades
        ya no quiero mensajes de promoción
        no manden más mensajes de ventas
        no me contacten más
        no envíen publicidad
        basta de publicidad de ustedes
        quítenme de esa lista
        I don't want any messages from you
        I don't want your promotional texts
        we do not want marketing emails
        I no longer want your newsletters
        please don't send marketing
        don't send me any offers
        do not send me emails
        no more texts from you please
        don't bother me
        take my number off your list
        please stop bothering me
        """);

    /// <summary>Ordinary messages, some with the same words.</summary>
    public static readonly string[] Staying = Lines(
        """
        Alta
        Baja
        alta
        prioridade alta
        Prioridad alta
        dar de alta
        quero dar alta no sistema
        quiero dar de baja mi línea
        quiero dar de baja el servicio de internet
        voltar
        Voltar
        quero voltar na loja amanhã
        volver
        start
        sair para jantar
        vou sair agora
        quero sair da fila
        quero sair do grupo de risco
        posso sair da loja com a nota?
        que horas vocês costumam sair para entrega?
        quero sair da lista de espera
        me tira da lista de espera por favor
        Quero parar no centro, tem loja lá?
        quero parar na rua de trás
        meu sofá parou de funcionar
        para de graça
        para
        para minha mãe
        para me mandar o boleto, qual o email?
        pode parar a entrega hoje?
        onde eu paro o carro
        não quero sair da lista
        nao quero parar de receber mensagens
        não me tire da lista!
        não parem de mandar promoções
        por favor não me descadastrem
        não deixe de me mandar o boleto
        não recebi a mensagem
        não estou recebendo mensagens
        não consigo mandar mensagem
        não consigo receber as mensagens
        por que vocês não me mandam mais mensagem?
        por que não me mandam promoções?
        ainda não recebi a oferta
        vocês não me mandaram mais mensagem
        me manda mais fotos por favor
        manda mensagem amanhã
        não quero essa promoção, quero o preço normal
        não quero mais o sofá
        não quero receber o pedido hoje
        não quero receber a mercadoria com defeito
        não me mande o boleto ainda
        não envie para o endereço antigo
        não envie mais para o endereço antigo
        não mandem o azul, quero o preto
        cancelar
        cancelar pedido
        quero cancelar minha compra
        quero cancelar a entrega
        quero cancelar minha assinatura
        cancela a promoção que escolhi?
        remover o item do carrinho
        tira o sofá da lista de compras
        tira uma dúvida
        me tira uma dúvida
        remova meu número antigo e coloque o novo
        quero trocar meu número
        apaga a mensagem anterior, mandei errado
        quero receber promoções
        quero receber mensagens de vocês
        me coloca na lista
        vocês têm lista de preços?
        qual a promoção?
        chega amanhã?
        chega de esperar, quero meu pedido
        nada
        não
        não, obrigado
        não quero
        nao tenho interesse nesse modelo
        quero uma saia preta
        a saída é por onde?
        obrigado
        ok
        deixa eu ver e te aviso
        deixa eu mandar uma foto
        deixe a encomenda na portaria
        posso deixar de pagar o frete?
        stopper de porta tem?
        non-stop
        bus stop
        can you stop by tomorrow?
        where can I stop for coffee
        don't stop sending me offers
        I did not receive your message
        you did not send me the message
        why did you stop sending me the catalogue
        I can't get messages on this phone
        please don't remove me from the list
        send me more messages
        I want to receive offers
        remove the chair from my order
        leave it at the door
        I need to leave at five
        delete my order
        how do I stop the delivery?
        no
        no gracias
        no quiero el sofá
        no quiero salir de la lista
        no me llegó el mensaje
        no recibí el mensaje
        por qué no me mandan mensajes
        no dejen de mandarme ofertas
        quiero recibir mensajes
        baja el precio?
        planta baja
        la calidad es muy baja
        ¿puede bajar el precio?
        me voy a salir a comer
        salir a las ocho
        necesito salir temprano
        deja el paquete en la puerta
        quiero parar en el centro
        sácame una duda
        borra el último pedido
        cancelar mi pedido
        Não quero mensagem no cartão
        não quero mensagem na caneca, só o desenho
        não escreva mensagem no cartão
        não escreva nada no cartão
        cancela a mensagem do cartão
        nada de mensagem no cartão
        não quero as abertas
        não quero as ostras abertas
        não quero anúncio na vitrine do marketplace
        não quero texto, só a foto
        não quero mais essa promoção
        não quero mais a oferta
        não quero receber o email da fatura antiga
        não mande por email, mande por aqui
        não precisa enviar email, pode ser por aqui
        não mande nada hoje
        não quero esse número
        não quero esse número, quero o 38
        não quero esse celular
        não quero incomodar
        desculpa, não quero incomodar, mas o pedido chegou?
        não me incomoda esperar
        vou parar de incomodar
        nada de novidades?
        não quero mais receber essas caixas
        me tira uma dúvida sobre o email que recebi
        deixa com mensagem no cartão
        não quero montagem
        No quiero campanas de acero
        no quiero campana extractora
        no quiero mensaje en la tarjeta
        no escriban mensaje en la tarjeta
        no quiero texto en la taza
        no lo envíe por correo
        no me lo envíen por correo, paso a buscarlo
        no quiero molestar
        perdón, no quiero molestarlos
        no quiero ese teléfono
        no quiero las abiertas
        no quiero la oferta
        no envíen nada todavía
        deja con mensaje en la tarjeta
        I don't want text on the mug
        I don't want a message on the card
        no text on the cake please
        I don't want a massage
        I don't want that phone
        I don't want to bother you
        it does not bother me
        I no longer want the offer
        don't send it by email
        don't write anything on the card
        I do not need the number anymore
        any updates?
        no updates yet?
        cancel the text on the mug
        """);

    /// <summary>Wishes to hear from us again.</summary>
    public static readonly string[] Returning = Lines(
        """
        voltar
        VOLTAR
        Voltar, por favor
        quero voltar
        volver
        quiero volver
        START
        start please
        resume
        quero voltar a receber mensagens
        quero receber as mensagens de novo
        podem voltar a mandar
        pode me mandar promoções novamente
        quiero volver a recibir mensajes
        i want to receive messages again
        resubscribe
        opt in
        me coloca na lista de novo
        """);

    /// <summary>Nobody expects an answer to these.</summary>
    public static readonly string[] Courtesies = Lines(
        """
        ok
        obrigado
        Obrigada!
        valeu
        ok obrigado
        tá bom
        muito obrigado, tchau
        gracias
        ok, gracias
        thanks
        thank you very much
        👍
        👍🏽 🙏
        blz
        perfeito
        """);

    private static string[] Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
