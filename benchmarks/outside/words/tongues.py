"""How people ask in other languages and scripts, with their own topics."""

from __future__ import annotations

from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed


def _tongue(ask: str, thing: str, doing: str, more: str, answer: str) -> Grammar:
    parts = {"ask": ask, "thing": thing, "doing": doing, "more": more, "answer": answer}
    return Grammar({name: listed(text) for name, text in parts.items()})


TONGUES: dict[str, Grammar] = {
    "es": _tongue(
        """
            ¿Cómo puedo {doing}? | Explícame {thing} con un ejemplo | qué es {thing} | Necesito {doing}
            antes del viernes, ¿por dónde empiezo? | ¿Cuál es la diferencia entre {thing} y {thing}? | dame
            ideas para {doing} | Escribe un correo sobre {thing} | ayúdame a {doing} por favor | Hazme un
            resumen de {thing} | ¿Merece la pena {thing}? | ventajas de {thing}
        """,
        """
            la hipoteca variable | el subjuntivo | una paella para ocho | la fotosíntesis | el contrato de
            alquiler | un plan de marketing | la guerra civil | una base de datos | el dolor de espalda |
            la declaración de la renta | un currículum | las derivadas
        """,
        """
            preparar una entrevista | ahorrar en la factura de la luz | aprender inglés en casa | organizar
            un viaje a Perú | resolver esta ecuación | cuidar un olivo | pedir un aumento | escribir un
            cuento | montar una tienda en línea
        """,
        """
            ¿y si no tengo tiempo? | más corto por favor | dame otro ejemplo | gracias | ¿puedes explicarlo
            mejor? | ¿cuánto cuesta?
        """,
        """
            Para {doing} conviene ir paso a paso. | Lo importante de {thing} es el contexto. | Un ejemplo
            sencillo ayuda a entenderlo. | Primero reúne la información; después compara opciones. | Si
            dudas, empieza por lo más simple. | En resumen, depende de tus objetivos.
        """,
    ),
    "fr": _tongue(
        """
            Comment {doing} ? | Peux-tu m'expliquer {thing} ? | c'est quoi {thing} | J'aimerais {doing}, tu
            me conseilles quoi ? | Rédige un mail à propos de {thing} | donne-moi cinq idées pour {doing} |
            Quelle différence entre {thing} et {thing} ? | Fais un plan détaillé sur {thing} | aide moi à
            {doing} stp
        """,
        """
            la TVA | le passé simple | une tarte aux poireaux | le bail commercial | la Révolution | un
            tableau croisé | la photosynthèse | le permis de construire | une lettre de motivation | les
            intégrales | le chauffage au sol
        """,
        """
            préparer un oral | réduire mes impôts | organiser un mariage | isoler les combles | apprendre
            le piano | rédiger une dissertation | résilier un abonnement | faire du pain
        """,
        """
            plus court | et sinon ? | merci beaucoup | tu peux donner un exemple ? | je n'ai pas compris |
            et le prix ?
        """,
        """
            Pour {doing}, commencez par le plus simple. | L'essentiel de {thing} tient en peu de mots. |
            Voici un exemple concret. | Attention toutefois aux délais. | Comparez ensuite deux ou trois
            options. | En bref, tout dépend du contexte.
        """,
    ),
    "de": _tongue(
        """
            Wie kann ich {doing}? | Erkläre mir {thing} bitte einfach | was ist {thing} | Ich möchte
            {doing}, was brauche ich dafür? | Schreib mir eine E-Mail zum Thema {thing} | Unterschied
            zwischen {thing} und {thing}? | Gib mir Tipps, um {doing} | Fasse {thing} in fünf Sätzen
            zusammen | Hilf mir, {doing}
        """,
        """
            die Steuererklärung | der Konjunktiv | ein Sauerteig | die Wärmepumpe | das Mietrecht | eine
            SQL-Abfrage | die Weimarer Republik | ein Arbeitszeugnis | die Kündigungsfrist | der Satz des
            Pythagoras | ein Hochbeet
        """,
        """
            ein Protokoll zu schreiben | den Keller zu dämmen | eine Bewerbung zu verbessern | Vokabeln zu
            lernen | einen Garten anzulegen | eine Präsentation zu halten | Geld anzulegen
        """,
        """
            kürzer bitte | und wenn nicht? | danke! | kannst du ein Beispiel geben? | das verstehe ich
            nicht | was kostet das?
        """,
        """
            Wichtig bei {thing} ist die Reihenfolge. | Ein kurzes Beispiel macht das deutlich. | Prüfen Sie
            zuerst die Unterlagen. | Danach lohnt ein Vergleich. | Im Zweifel hilft eine Fachperson. | Kurz
            gesagt: Es kommt darauf an.
        """,
    ),
    "pt": _tongue(
        """
            Como faço para {doing}? | Me explica {thing} | o que é {thing} | Quero {doing} mas não sei por
            onde começar | escreve um texto sobre {thing} | qual a diferença entre {thing} e {thing}? | me
            dá dicas pra {doing} | Faz um resumo de {thing} para a prova
        """,
        """
            juros compostos | a crase | um bolo de cenoura | o MEI | a Revolução Farroupilha | uma planilha
            | o currículo | a mitose | o contrato de aluguel | um roteiro em Salvador | o imposto de renda
        """,
        """
            estudar para o vestibular | vender pela internet | economizar no mercado | montar um treino em
            casa | fazer um TCC | pedir demissão | aprender violão
        """,
        """mais curto | obrigado! | e se eu não conseguir? | dá um exemplo | não entendi | quanto custa?""",
        """
            Para {doing}, comece pelo básico. | O ponto central de {thing} é simples. | Veja um exemplo
            prático. | Depois compare as opções. | Organize um prazo realista. | Em resumo, depende do seu
            objetivo.
        """,
    ),
    "ru": _tongue(
        """
            Как {doing}? | Объясни, что такое {thing} | {thing} простыми словами | Помоги {doing},
            пожалуйста | Напиши текст про {thing} | Чем отличается {thing} и {thing}? | дай несколько
            советов, как {doing} | Составь план: {thing}
        """,
        """
            ипотека | деепричастный оборот | борщ | логарифм | трудовой договор | теория вероятностей |
            резюме | Серебряный век | бухгалтерский баланс | электромагнитная индукция
        """,
        """
            подготовиться к экзамену | выучить английский | составить бюджет | написать сочинение |
            починить кран | выбрать ноутбук | начать бегать
        """,
        """короче | спасибо | приведи пример | а если не получится? | не понял | продолжай""",
        """
            Главное здесь — {thing}. | Начните с простого шага. | Рассмотрим пример. | Затем сравните
            варианты. | Обратите внимание на сроки. | Итог зависит от цели.
        """,
    ),
    "zh": _tongue(
        """怎么{doing}？ | 请解释一下{thing} | {thing}是什么意思 | 帮我{doing} | 写一篇关于{thing}的短文 | {thing}和{thing}有什么区别？ |
        我想{doing}，有什么建议？ | 用简单的话说明{thing} | 给我五个{doing}的方法""",
        """机器学习 | 复利 | 红烧肉 | 租房合同 | 勾股定理 | 唐朝历史 | 简历 | 时间管理 | 数据库索引 | 光合作用 | 供应链""",
        """准备面试 | 提高英语口语 | 写周报 | 做旅行计划 | 减少开支 | 学习编程 | 缓解颈椎疼痛 | 安排婚礼""",
        """再短一点 | 谢谢 | 举个例子 | 为什么？ | 还有别的吗 | 继续""",
        """关于{thing}，关键在于理解背景。 | 可以先从简单的步骤开始。 | 下面举一个例子。 | 然后比较不同的方案。 | 注意时间安排。 | 总之要看具体情况。""",
    ),
    "ja": _tongue(
        """{thing}について教えてください | {doing}にはどうすればいいですか | {thing}とは何ですか？ | {doing}ためのコツは？ |
        {thing}と{thing}の違いを説明して | {thing}についてメールを書いて | 簡単に{thing}を説明して""",
        """確定申告 | 敬語 | 味噌汁 | 住宅ローン | 二次関数 | 明治維新 | 履歴書 | 光合成 | 在宅勤務 | 機械学習""",
        """面接の準備をする | 英語を勉強する | 旅行の計画を立てる | 部屋を片付ける | プレゼンを作る | 節約する""",
        """もっと短く | ありがとう | 例をください | なぜですか | 続けて | 他には？""",
        """{thing}のポイントは順番です。 | まず簡単なところから始めましょう。 | 例を見てみましょう。 | 次に選択肢を比べます。 | 期限に注意してください。 |
        まとめると、目的によります。""",
    ),
    "ar": _tongue(
        """
            كيف يمكنني {doing}؟ | اشرح لي {thing} | ما هو {thing} | أريد {doing} فما نصيحتك؟ | اكتب رسالة
            عن {thing} | ما الفرق بين {thing} و{thing}؟ | أعطني أفكارا من أجل {doing}
        """,
        """
            عقد الإيجار | الفائدة المركبة | الكبسة | التمثيل الضوئي | السيرة الذاتية | قواعد النحو |
            التسويق الرقمي | قانون نيوتن
        """,
        """الاستعداد للمقابلة | تعلم الإنجليزية | تنظيم الوقت | كتابة مقال | السفر إلى تركيا | توفير المال""",
        """شكرا | أقصر من فضلك | أعطني مثالا | لماذا؟ | أكمل | وماذا أيضا؟""",
        """
            أهم ما في {thing} هو السياق. | ابدأ بالخطوات البسيطة. | إليك مثالا واضحا. | ثم قارن بين
            الخيارات. | انتبه للمواعيد. | الخلاصة: يعتمد على هدفك.
        """,
    ),
    "hi": _tongue(
        """
            {doing} कैसे करें? | {thing} क्या है | मुझे {thing} समझाइए | {thing} और {thing} में क्या अंतर
            है? | {thing} पर निबंध लिखो | मुझे {doing} में मदद चाहिए
        """,
        """
            चक्रवृद्धि ब्याज | प्रकाश संश्लेषण | किराया अनुबंध | रिज्यूमे | पनीर की सब्जी | जीएसटी | मौलिक
            अधिकार | समय प्रबंधन
        """,
        """
            इंटरव्यू की तैयारी | अंग्रेजी सीखना | परीक्षा की पढ़ाई | बजट बनाना | वजन कम करना | यात्रा की
            योजना
        """,
        """धन्यवाद | छोटा करो | उदाहरण दो | क्यों? | आगे बताओ | और कुछ?""",
        """
            {thing} में सबसे जरूरी है क्रम। | पहले सरल कदम से शुरू करें। | एक उदाहरण देखिए। | फिर विकल्पों
            की तुलना करें। | समय सीमा का ध्यान रखें। | कुल मिलाकर यह लक्ष्य पर निर्भर है।
        """,
    ),
    "tr": _tongue(
        """
            {doing} için ne yapmalıyım? | {thing} nedir | Bana {thing} konusunu anlat | {thing} ile {thing}
            arasındaki fark ne? | {thing} hakkında bir e-posta yaz | {doing} için öneri verir misin?
        """,
        """
            kira sözleşmesi | bileşik faiz | mercimek çorbası | özgeçmiş | türev | Kurtuluş Savaşı |
            e-ticaret | fotosentez
        """,
        """
            iş görüşmesine hazırlanmak | İngilizce öğrenmek | bütçe yapmak | sınava çalışmak | spora
            başlamak
        """,
        """daha kısa | teşekkürler | örnek ver | neden? | devam et""",
        """
            {thing} konusunda önemli olan sıradır. | Önce basit adımlarla başlayın. | Bir örnek verelim. |
            Sonra seçenekleri karşılaştırın. | Kısacası hedefinize bağlı.
        """,
    ),
}
WEIGHTS = {"en": 62, "es": 8, "pt": 5, "fr": 5, "de": 5, "zh": 5, "ja": 3, "ru": 3, "hi": 2, "ar": 2, "tr": 2}
ZONES_OF = {
    "en": (-8, -6, -5, 0, 5.5, 8), "es": (-6, -5, -3, 1), "pt": (-3, 0), "fr": (1,), "de": (1,), "zh": (8,),
    "ja": (9,), "ru": (3, 5), "hi": (5.5,), "ar": (2, 3), "tr": (3,),
}  # fmt: skip
