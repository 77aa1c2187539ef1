extension LabelledPrompt {
  /// The half that the lexicon is never tuned on: written before the lexicon got its words in languages other
  /// than English, and drawn by chance, within each language and intent, from all prompts written then.
  ///
  /// Only counts are reported of this half, never a prompt that was taken wrongly, so that nobody mends the
  /// lexicon by it.
  static let heldOut = parse(
    #"""
    // English
    en | code_generation | make a landing page with tailwind css, dark theme, hero section and pricing cards
    en | code_generation | Turn this curl command into a Go http request: curl -X POST -H 'Content-Type: application/json' -d '{"a":1}' https://api.example.com/v1/items
    en | code_generation | Here is my Terraform file. It fails with 'cycle detected'. What's wrong?\nresource "aws_instance" "a" {\n  depends_on = [aws_instance.b]\n}
    en | code_generation | Write a SQL migration that adds a nullable column `archived_at` to the table users
    en | code_generation | Generate a GitHub Actions workflow that runs pytest on every push
    en | code_generation | Write a Kubernetes manifest for a deployment with three replicas and a readiness probe
    en | code_generation | You are a senior iOS engineer. Produce a SwiftUI view with a list, pull to refresh and an error state. Only output code.
    en | code_generation | What's the fastest way to remove duplicates from an array in JavaScript?
    en | code_generation | How can I make this query faster?\nSELECT u.name, COUNT(*) FROM users u JOIN orders o ON o.user_id = u.id GROUP BY u.name;
    en | code_generation | I need a C program that reads a file line by line and counts the words.
    en | code_generation | pip install fails with 'error: subprocess-exited-with-error', how to solve?
    en | code_generation | my docker container exits immedietly with code 137, how do i fix it
    en | code_generation | Please add error handling and logging to the method below.\npublic void save(Order o) {\n  repository.persist(o);\n}
    en | code_generation | implement quicksort
    en | code_generation | Generate TypeScript types from this JSON: {"id": 1, "name": "Ada", "tags": ["x"]}
    en | code_generation | leetcode 206 in rust pls
    en | code_generation | function add(a, b) {\n  return a - b;\n}\nThis should add two numbers but it doesn't. Fix it.
    en | code_generation | explain what this code does: for i in range(10): print(i**2)
    en | education | Find the derivative of x^3 * sin(x) and show every step
    en | education | explane the diference between weather and climate plz
    en | education | What is the difference between a virus and a bacterium?
    en | education | ELI5: inflation
    en | education | Why did the Roman Empire collapse?
    en | education | how many bones does an adult human have?
    en | education | Tell me about the life cycle of a butterfly.
    en | education | I read that light is both a wave and a particle. I don't really get that. Help?
    en | education | How do airplanes stay in the air?
    en | education | What were the consequences of the treaty of Versailles for Germany?
    en | education | Prepare a lesson plan on volcanoes for a class of twelve year olds.
    en | education | When did the Berlin wall fall?
    en | education | You are a patient maths tutor. The student asks: why is dividing by zero not allowed? Answer with simple examples and no jargon.
    en | education | Could you please explain how the immune system recognizes a virus?
    en | education | Describe the water cycle for a fourth grader
    en | education | why do cats purr
    en | education | What is meant by opportunity cost? An example would be great.
    en | education | My daughter asks why leaves turn red in autumn. What do I tell her?
    en | writing | Write a heartfelt thank-you note to my daughter's teacher.
    en | writing | Write a dialogue between a dragon and the knight who came to kill it
    en | writing | I have to give a best man's speech in June and I have no idea how to start. Can you write something funny, two minutes long?
    en | writing | Give me an opening paragraph for a crime novel set in Oslo
    en | writing | Create a job posting for a part-time barista in our cafe
    en | writing | rewrite this so it's friendlier: You didn't send the file. Send it now.
    en | writing | Write a 500 word essay about why we should protect the oceans
    en | writing | I need a catchy Instagram caption for a picture of my dog at the beach
    en | writing | Come up with ten names for my new bakery and a slogan for each
    en | writing | write a resignation letter, two weeks notice, keep it short
    en | writing | Write a bedtime story for a four year old who loves tractors
    en | writing | Draft a press release announcing that our company has opened an office in Dublin.
    en | writing | Compose a farewell speech for a colleague who is retiring after 30 years
    en | writing | Our landlord hasn't repaired the heating for three weeks. Write a formal complaint.
    en | writing | Write an obituary for my grandfather, a carpenter who loved fishing
    en | writing | Write lyrics for a country song about an old truck
    en | writing | You are a copywriter for a coffee brand. Write three short ads with a playful tone.
    en | translation | How would a native speaker say "I'm just kidding" in Brazilian Portuguese?
    en | translation | Translate this paragraph about photosynthesis to Hindi: Plants use sunlight to make sugar from water and carbon dioxide.
    en | translation | translate into simplified chinese: No smoking
    en | translation | Give me the French version of this sentence: We look forward to hearing from you.
    en | translation | Write this in Arabic: Happy birthday, my friend
    en | translation | Hi! Could you kindly translate my cover letter to Japanese? Here it comes:\nDear Mr. Tanaka, I am writing to apply for the position of a software engineer.
    en | translation | Same text, but in Polish please: The shop is closed on Sundays.
    en | translation | You are a professional translator. Translate everything the user writes from English to Dutch and keep the formatting.\n\n# Welcome\nThis guide shows how to set up your account.
    en | translation | Please translate this menu into English: Entrée du jour, plat principal, dessert maison
    en | translation | how do u say 'where is the train station' in italian
    en | translation | Change the language of this text from Russian to English: Привет, как дела?
    en | translation | I got this message from my neighbour and can't read it, what does it say in English? "Hola, ¿puedes cuidar a mi gato este fin de semana?"
    en | translation | What's the Spanish word for 'umbrella'?
    en | translation | Can you tell me what "c'est la vie" means?
    en | translation | trasnlate this to french: i miss you so much
    en | translation | Is "Ich bin kalt" the right translation of "I am cold"?
    en | summarization | tldr of this email thread please
    en | summarization | You summarize support tickets. Return at most 20 words.\n\nTicket: Hello, since the last update the app crashes every time I open the settings. I have a Pixel 7 and already reinstalled it twice.
    en | summarization | Give me a quick recap of chapter 3 of The Great Gatsby
    en | summarization | sumarize this for me plz
    en | summarization | Write a short summary of the following news article:\nResearchers at the university have built a battery that charges in five minutes. It uses a new kind of anode made from silicon.
    en | summarization | Condense this into a single tweet-length statement
    en | summarization | The quarterly meeting took two hours. Tom presented the numbers, Lisa showed the new app, and we agreed to hire two developers. Marketing wants a bigger budget; this was postponed. Next meeting on 4 May.\n\nPlease boil this down to bullet points.
    en | summarization | Provide an executive summary of the attached annual report.
    en | summarization | I don't have time to read all this. What are the most important takeaways?
    en | summarization | Give me the cliff notes of Hamlet
    en | summarization | Could you give me the main points of this podcast transcript?
    en | summarization | Create an abstract for this paper, no more than 150 words
    en | summarization | In one sentence, what is this paper about?\n\nAbstract: We study the behaviour of large flocks of starlings with stereo cameras and find that each bird reacts to its six or seven nearest neighbours, whatever their distance.
    en | summarization | too long, can you make it half the length?
    en | summarization | Outline the key arguments made in this speech
    en | summarization | Extract the action items from these meeting notes:\n- Anna sends the contract\n- Ben calls the bank\n- we all think about the name
    en | analysis | Why did our conversion rate drop from 4% to 2% after the redesign? Look at the possible causes.
    en | analysis | analize the symbolism of the green light in the great gatsby
    en | analysis | You are a financial analyst. Assess the liquidity of a company with current assets of 4M, current liabilities of 5M and cash of 0.3M.
    en | analysis | Do a competitor analysis for a small yoga studio in Leeds
    en | analysis | Identify the strengths and weaknesses of our marketing strategy
    en | analysis | What trends do you see in these numbers? Jan 120, Feb 140, Mar 90, Apr 180
    en | analysis | Break down the pros and cons of working four days a week
    en | analysis | Give me your critical opinion on this business idea: a subscription for socks
    en | analysis | Interpret the results: p = 0.03, n = 40, effect size 0.2
    en | analysis | Detect anomalies in the following sensor log: 20.1 20.3 20.2 35.9 20.1
    en | analysis | Take a look at this survey: 62% satisfied, 20% neutral, 18% unhappy; last year 70/15/15. What conclusions can we draw?
    en | analysis | What are the risks of moving our whole infrastructure to a single cloud provider?
    en | analysis | Evaluate this argument for logical fallacies: Everyone buys this phone, so it must be the best.
    en | analysis | How would a rise in interest rates affect a highly leveraged real estate company?
    en | analysis | Compare iPhone and Android for an elderly user
    en | analysis | Should we lease or buy the company cars? List advantages and disadvantages.
    en | analysis | Which is the better choice for a family of five, the Skoda or the Volvo? Weigh up price, safety and space.
    en | general | Give me a recipe for banana bread
    en | general | thank you so much, that was perfect
    en | general | What should I get my dad for his 60th birthday?
    en | general | Hey! How's it going?
    en | general | Suggest a name for my kitten, she's grey and very lazy
    en | general | Do you have feelings?
    en | general | Can you recommend a good series on Netflix?
    en | general | Let's role play: you're a pirate and I'm your parrot.
    en | general | How do I get red wine out of a carpet?
    en | general | Make me a workout plan for three days a week
    en | general | What's a good gift for a wedding under 50 dollars?
    en | general | I can't sleep. Any tips?
    en | general | What can you do?
    en | general | test
    en | general | no, the other one
    en | general | My neighbour plays loud music every night. What should I do?
    // German
    de | code_generation | Mein Docker-Container startet nicht, woran kann das liegen? Fehlermeldung: exec format error
    de | code_generation | Wie kann ich in Java eine CSV-Datei einlesen?
    de | code_generation | Programmiere ein kleines Tetris in JavaScript
    de | education | Loese die Gleichung 3x + 5 = 20 Schritt fuer Schritt
    de | education | Warum ist der Himmel blau?
    de | education | Was ist der Unterschied zwischen Mitose und Meiose?
    de | writing | Verfasse einen Blogbeitrag über nachhaltiges Reisen
    de | writing | Ich brauche eine lustige Rede zum 50. Geburtstag meiner Mutter, ungefähr zwei Minuten lang.
    de | writing | Hilf mir bei einem Bewerbungsschreiben für eine Stelle als Krankenpfleger
    de | translation | Übersetze den folgenden Satz ins Englische: Der Zug hat leider Verspätung.
    de | translation | uebersetz das mal auf spanisch: wo ist der bahnhof
    de | translation | Was heißt "butterfly" auf Deutsch?
    de | summarization | Worum geht es in diesem Vertrag? Bitte nur die Kernaussagen.
    de | summarization | Gib mir eine kurze Zusammenfassung von Faust I
    de | summarization | Fasse den folgenden Artikel in drei Sätzen zusammen:\nDer Stadtrat hat am Dienstag beschlossen, die Innenstadt für Autos zu sperren. Händler fürchten um ihre Umsätze, Anwohner freuen sich auf mehr Ruhe.
    de | analysis | Analysiere die Verkaufszahlen: Januar 120, Februar 140, März 90
    de | analysis | Welche Risiken hat es, wenn wir unsere Server in die Cloud verlagern?
    de | analysis | Untersuche, warum unser Umsatz im letzten Quartal gesunken ist
    de | general | Hallo, wie geht es dir?
    de | general | Empfiehl mir ein gutes Restaurant in Hamburg
    de | general | Was soll ich heute Abend kochen?
    // French
    fr | code_generation | Crée une page HTML avec un formulaire de contact et un peu de CSS
    fr | code_generation | Écris une fonction Python qui vérifie si un mot est un palindrome.
    fr | code_generation | ecris moi un script bash qui renomme tous les fichiers d'un dossier
    fr | education | Explique-moi la photosynthèse avec des mots simples.
    fr | education | Quelle est la différence entre un virus et une bactérie ?
    fr | education | c'est quoi un trou noir
    fr | writing | corrige les fautes d'orthographe : je suis aller au marcher hier avec mes ami
    fr | writing | Rédige une lettre de motivation pour un poste de vendeuse
    fr | writing | Peux-tu reformuler ce paragraphe dans un style plus formel ? On a bien reçu votre truc, merci.
    fr | translation | Que veut dire "nevertheless" en français ?
    fr | translation | traduction en espagnol svp : bonne nuit
    fr | translation | Comment dit-on « merci beaucoup » en japonais ?
    fr | summarization | La réunion a duré deux heures. Anne a présenté les chiffres, Bruno la nouvelle application. Le budget est reporté.\n\nMerci de synthétiser en quelques puces.
    fr | summarization | Quels sont les points clés de ce rapport ?
    fr | summarization | donne moi l'essentiel de cet article en une phrase
    fr | analysis | Quels sont les risques d'un déménagement de nos serveurs dans le cloud ?
    fr | analysis | Évalue ce plan d'affaires et indique ses points forts et ses faiblesses.
    fr | analysis | Compare les avantages et les inconvénients de la voiture électrique
    fr | general | merci, c'était parfait
    fr | general | Je m'ennuie, tu as une idée pour le week-end ?
    fr | general | Raconte-moi une blague
    // Spanish
    es | code_generation | Escribe una función en Python que compruebe si una palabra es un palíndromo.
    es | code_generation | Mi código da el error "undefined is not a function", ¿me ayudas a arreglarlo?
    es | code_generation | Optimiza esta consulta SQL: SELECT * FROM pedidos WHERE cliente_id = 7
    es | education | que es un agujero negro
    es | education | Explícame la fotosíntesis con palabras sencillas, por favor.
    es | education | ¿Cuál es la diferencia entre un virus y una bacteria?
    es | writing | Redacta una carta de presentación para un puesto de camarero
    es | writing | Necesito un discurso de boda divertido y emotivo para mi hermano, de unos dos minutos.
    es | writing | ¿Puedes reescribir este párrafo en un tono más formal? Nos llegó lo tuyo, gracias.
    es | translation | traduccion al frances porfa: buenas noches
    es | translation | Quiero la versión inglesa de esta descripción: Jabón artesanal de aceite de oliva.
    es | translation | ¿Qué significa "nevertheless" en español?
    es | summarization | ¿Cuáles son los puntos clave de este informe?
    es | summarization | Resume el siguiente texto en tres frases:\nEl ayuntamiento votó el martes cerrar el centro a los coches. Los comerciantes están preocupados y los vecinos se alegran.
    es | summarization | Hazme un resumen de Don Quijote
    es | analysis | ¿Qué riesgos tiene mover nuestros servidores a la nube?
    es | analysis | Analiza estas cifras de ventas: enero 120, febrero 140, marzo 90
    es | analysis | Compara las ventajas y desventajas de los coches eléctricos
    es | general | Hola, ¿cómo estás?
    es | general | Cuéntame un chiste
    es | general | Recomiéndame un buen restaurante en Sevilla
    // Chinese
    zh | code_generation | 请帮我写一个脚本，每天晚上备份数据库。
    zh | code_generation | 用Python写一个判断回文的函数
    zh | code_generation | 我的程序报错了：IndexError: list index out of range，怎么解决？
    zh | education | 我明天要考历史，你能出几道关于辛亥革命的题目考考我吗？
    zh | education | 病毒和细菌有什么区别？
    zh | education | 天空为什么是蓝色的？
    zh | writing | 写一首关于秋天的诗
    zh | writing | 为一家面包店想一个朗朗上口的广告语
    zh | writing | 帮我修改这段作文里的错别字：昨天我去了公圆，看到很多话。
    zh | translation | 这句话用中文怎么说：It's raining cats and dogs.
    zh | translation | 请提供这份菜单的英文版：洋葱汤、牛排、布丁
    zh | translation | 您好，麻烦把这封邮件译成德语：尊敬的先生，感谢您的订单。
    zh | summarization | 请用三句话总结下面的文章：\n市议会周二投票决定市中心禁止汽车通行。商家表示担忧，居民则很高兴。
    zh | summarization | 给我写个摘要，不超过两百字
    zh | summarization | 把这段文字缩短到一百字以内
    zh | analysis | 这个季度我们的销售额为什么下降？找出可能的原因。
    zh | analysis | 请评估这份商业计划，指出优势和劣势。
    zh | analysis | 分析一下这些销售数据：一月120，二月140，三月90
    zh | general | 你好，最近怎么样？
    zh | general | 给我讲个笑话
    zh | general | 我好无聊，周末有什么好玩的？
    """#)
}
