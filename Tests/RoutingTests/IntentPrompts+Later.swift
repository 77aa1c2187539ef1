extension LabelledPrompt {
  /// Prompts that are held out too, written after the lexicon was finished for their language.
  ///
  /// Who writes prompts first and a lexicon next remembers some of the prompts; these are free of that. Only
  /// counts are reported of them too. Earlier rounds of such prompts went to the tuning half once they had
  /// been tried.
  static let later = parse(
    #"""
    // English
    en | code_generation | Write a function in Haskell that flattens a nested list.
    en | code_generation | My Python script is very slow when it reads a 2 GB file. How can I speed it up?
    en | code_generation | git push says 'rejected non-fast-forward'. help
    en | code_generation | I want a button that changes colour when you hover over it, only with CSS.
    en | code_generation | Which data structure should I use for an autocomplete with a million words? Show an implementation.
    en | code_generation | def mean(xs):\n    return sum(xs) / len(xs)\n\nmake this safe for empty lists
    en | code_generation | Hi, could you write me a Telegram bot that reminds me to stand up every hour?
    en | code_generation | validate an IBAN in PHP
    en | code_generation | Act as a Linux terminal. I will type commands and you reply with what the terminal should show. First command: pwd
    en | education | What is the theory of relativity in a few words?
    en | education | How come the moon always shows us the same side?
    en | education | I'm learning German. Can you explain when to use dative and when accusative?
    en | education | List the main causes of the French Revolution.
    en | education | is a tomato a fruit or a vegetable
    en | education | Create a quiz with ten questions about ancient Egypt for eighth graders.
    en | education | What did Immanuel Kant mean by the categorical imperative?
    en | education | my teacher says that glass is a liquid, is this true?
    en | education | How does natural selection work? Please use an example with moths.
    en | writing | Write a wedding invitation for Anna and Luis, elegant, 12 September in Seville.
    en | writing | Give me a better way to phrase this: "I am writing you because of the thing we talked about."
    en | writing | Write a 300 word article about urban gardening for a local magazine
    en | writing | I need a cover letter, I'm applying as a zookeeper and have worked with elephants for five years
    en | writing | Help me start my novel. A woman wakes up on a train and doesn't know where it is going.
    en | writing | Turn this into a formal email: can't come tomorrow, kid is sick, will send the slides tonight
    en | writing | Could you write a Facebook post that tells our guests that the pool is closed in May?
    en | writing | a sonnet on insomnia
    en | translation | Could you tell me how to ask for the bill in Portuguese?
    en | translation | Translate into English and tell me if it sounds rude: "Mach endlich die Tür zu!"
    en | translation | My grandmother wrote this in Hungarian. What does it say? "Nagyon szeretlek, drágám."
    en | translation | Give me the Japanese for "one beer, please" with pronunciation.
    en | translation | Please translate the README below into Chinese.\n\n# Installation\nRun `pip install foo` and then `foo --init`.
    en | translation | russian translation of the phrase "better late than never"
    en | translation | Can you put my blog post on composting into Spanish? Here is the first part: Composting is easier than you think.
    en | translation | How would I write "happy new year" in Hebrew letters?
    en | summarization | Could you summarize the pros and cons named in this discussion?
    en | summarization | The judgment below has 30 pages; please give me the essential points on half a page.
    en | summarization | Short recap of World War I please
    en | summarization | Explain in two sentences what this report says:\n\nThe glacier lost four metres of thickness between 2010 and 2020. The loss has doubled since the nineties.
    en | summarization | make a summary of this email for my boss
    en | summarization | What is the gist of this court decision?
    en | summarization | Please compress the following paragraph to one sentence: The company, which was founded in a garage, has in the last ten years become the largest seller of garden gnomes in the world.
    en | summarization | Key facts from this article, as a list.
    en | analysis | Analyze why the team lost the final.
    en | analysis | Compare the health systems of Germany and the UK.
    en | analysis | What is the better long term investment, gold or index funds, and why?
    en | analysis | Evaluate the quality of this survey question: "Don't you agree that our service is great?"
    en | analysis | Our website traffic fell by 30% in March while sales were stable. What might explain that?
    en | analysis | Judge the credibility of this source and list the reasons for your judgment.
    en | analysis | Find the hidden assumptions in this statement: We must hire more people, because the work isn't getting done.
    en | analysis | Is remote work good or bad for productivity? Discuss the evidence.
    en | general | I need a costume idea for Halloween
    en | general | Hi! Are you ChatGPT?
    en | general | What can I make with eggs, spinach and feta?
    en | general | can you keep a secret?
    en | general | I think I'm coming down with a cold, what helps?
    en | general | cheap flights to Rome in May?
    en | general | Who would win, a bear or a shark?
    en | general | please repeat that
    // German
    de | code_generation | Wie verbinde ich mich mit PHP zu einer MySQL-Datenbank?
    de | code_generation | Baue mir eine kleine Website mit Kontaktformular
    de | education | Wie funktioniert das deutsche Wahlsystem?
    de | education | was ist eigentlich ein elektron
    de | writing | Schreib einen Nachruf auf unseren Trainer
    de | writing | Kannst du diesen Absatz eleganter formulieren? Das Haus war groß und es war alt.
    de | translation | Übersetzung ins Niederländische bitte: Herzlichen Glückwunsch
    de | translation | Wie lautet "Feierabend" auf Englisch?
    de | summarization | Bitte die Kernpunkte dieses Textes nennen
    de | summarization | Ich brauche eine Zusammenfassung der letzten Sitzung für alle, die nicht da waren.
    de | analysis | Was spricht für und was gegen eine Vier-Tage-Woche in unserer Firma?
    de | analysis | Analysiere bitte die Argumente in diesem Leserbrief
    de | general | Welches Handy soll ich kaufen?
    de | general | Guten Morgen! Hast du gut geschlafen?
    // French
    fr | code_generation | Comment me connecter à une base MySQL en PHP ?
    fr | code_generation | Fais-moi un petit site avec un formulaire de contact
    fr | education | Comment fonctionne le système électoral français ?
    fr | education | c'est quoi un électron
    fr | writing | Écris un hommage à notre entraîneur
    fr | writing | Tourne cette phrase plus élégamment : La maison était grande et elle était vieille.
    fr | translation | Traduction en néerlandais s'il te plaît : Toutes mes félicitations
    fr | translation | Comment dit-on « bonne continuation » en anglais ?
    fr | summarization | Donne les points essentiels de ce texte
    fr | summarization | J'ai besoin d'un résumé de la dernière réunion pour les absents.
    fr | analysis | Quels arguments pour et contre la semaine de quatre jours dans notre entreprise ?
    fr | analysis | Analyse les arguments de cette lettre de lecteur
    fr | general | Quel téléphone acheter ?
    fr | general | Bonjour ! Bien dormi ?
    // Spanish
    es | code_generation | ¿Cómo me conecto a una base MySQL con PHP?
    es | code_generation | Hazme una pequeña web con formulario de contacto
    es | education | ¿Cómo funciona el sistema electoral español?
    es | education | que es un electron
    es | writing | Escribe un homenaje a nuestro entrenador
    es | writing | Di esta frase con más elegancia: La casa era grande y era vieja.
    es | translation | Traducción al holandés, por favor: Muchas felicidades
    es | translation | ¿Cómo se dice "sobremesa" en inglés?
    es | summarization | Dame los puntos esenciales de este texto
    es | summarization | Necesito un resumen de la última reunión para los que faltaron.
    es | analysis | ¿Qué argumentos hay a favor y en contra de la semana de cuatro días?
    es | analysis | Analiza los argumentos de esta carta al director
    es | general | ¿Qué móvil me compro?
    es | general | ¡Buenos días! ¿Dormiste bien?
    // Chinese
    zh | code_generation | PHP怎么连接MySQL数据库？
    zh | code_generation | 帮我做一个带联系表单的小网站
    zh | education | 美国的选举制度是怎么运作的？
    zh | education | 电子是什么东西
    zh | writing | 给我们教练写一篇纪念文章
    zh | writing | 把这句话写得更优美：房子又大又旧。
    zh | translation | 请译成荷兰语：恭喜恭喜
    zh | translation | “缘分”用英文怎么表达？
    zh | summarization | 列出这篇文章的关键点
    zh | summarization | 需要一份上次会议的总结，发给没来的人
    zh | analysis | 四天工作制对我们公司有什么利弊？
    zh | analysis | 分析这封读者来信中的论点
    zh | general | 买哪款手机好？
    zh | general | 早上好，睡得好吗
    """#)
}
