extension LabelledPrompt {
  /// The half that the lexicon is tuned on: its errors may be looked at.
  static let tuning = parse(
    #"""
    // English
    en | code_generation | Write a Python function that checks whether a string is a palindrome.
    en | code_generation | How do I reverse a linked list in Java?
    en | code_generation | fix this bug: TypeError: undefined is not a function
    en | code_generation | Implement a rate limiter in Go using a token bucket
    en | code_generation | Create a REST API endpoint with FastAPI that returns the current time
    en | code_generation | Give me a regex that matches email addresses
    en | code_generation | Why does this code crash?\n```c\nint *p = NULL; *p = 3;\n```
    en | code_generation | SQL query to find the second highest salary
    en | code_generation | Refactor this class so that it is easier to test
    en | code_generation | Generate unit tests for the following module
    en | code_generation | write code to sort a list of dictionaries by key
    en | code_generation | Convert this JavaScript to TypeScript
    en | code_generation | Build me a React component with a search box
    en | code_generation | I need a bash script which renames all files in a folder
    en | code_generation | Debug: segfault when I call free twice
    en | code_generation | code a snake game in pygame
    en | code_generation | Make a todo app in Vue with local storage
    en | code_generation | What does this stack trace mean: java.lang.NullPointerException at Foo.bar
    en | code_generation | Optimize this SQL statement: SELECT * FROM orders
    en | code_generation | how to center a div
    en | code_generation | Write a Dockerfile for a Node server
    en | code_generation | I get 'cannot borrow as mutable' in Rust, what now?
    en | code_generation | Add type hints to this file
    en | code_generation | Port this C++ class to Swift
    en | education | What is photosynthesis?
    en | education | Explain quantum entanglement to a ten year old
    en | education | How does a diesel engine work?
    en | education | Teach me the basics of music theory
    en | education | Why is the sky blue?
    en | education | What are the main causes of the First World War?
    en | education | Help me understand the Pythagorean theorem
    en | education | What's the difference between mitosis and meiosis?
    en | education | Explain the concept of supply and demand
    en | education | I have an exam on organic chemistry tomorrow, quiz me
    en | education | How do vaccines work?
    en | education | Define entropy
    en | education | Can you explain how black holes form?
    en | education | Solve this equation step by step: 3x + 5 = 20
    en | education | who invented the telephone
    en | education | How far is the moon from the earth and why does it not fall down?
    en | education | Explain the French Revolution in simple words
    en | education | What is a derivative in calculus?
    en | education | I don't get fractions, can you walk me through them?
    en | education | What's the capital of Australia?
    en | education | Give me a lesson on the Roman empire
    en | writing | Write a short story about a lonely lighthouse keeper
    en | writing | Compose a haiku about autumn rain
    en | writing | Draft an email to my boss asking for a day off
    en | writing | Write a blog post about the benefits of walking
    en | writing | Help me write a cover letter for a marketing job
    en | writing | Write me a poem for my grandmother's birthday
    en | writing | Come up with a catchy slogan for a bakery
    en | writing | Rewrite this paragraph so it sounds more formal
    en | writing | Write a product description for a wooden toy train
    en | writing | I need a wedding toast for my brother
    en | writing | Write an essay on the impact of social media on teenagers
    en | writing | Create song lyrics about leaving home
    en | writing | Proofread this letter: Dear Sir, I is writing to you
    en | writing | Write a birthday message for my friend Anna
    en | writing | Help me word a complaint to my landlord
    en | writing | Improve the tone of this mail: I want my money back now
    en | writing | a limerick about a cat, please
    en | writing | Write a LinkedIn post announcing my new job
    en | writing | Continue this story: It was a dark night
    en | translation | Translate this sentence into French: The cat is on the table.
    en | translation | How do you say thank you in Japanese?
    en | translation | Translate to Spanish: Good morning, how are you?
    en | translation | What is the German translation of 'butterfly'?
    en | translation | Please translate the following email from English to Italian.
    en | translation | Put this text into Portuguese: hello
    en | translation | translate 'bonjour tout le monde'
    en | translation | Can you translate this contract to Korean for me?
    en | translation | The meeting is on Monday at ten. Give me that in Russian.
    en | translation | Localize these strings for Swedish users
    en | translation | How would this read in Polish?
    en | translation | Turn this into German please: I am hungry
    en | translation | What does 'Schadenfreude' mean in English?
    en | summarization | Summarize the following article:
    en | summarization | Give me a summary of War and Peace
    en | summarization | tl;dr
    en | summarization | Can you condense this text to three sentences?
    en | summarization | What are the key points of this report?
    en | summarization | Sum up the discussion below
    en | summarization | Summarise this meeting transcript in bullet points
    en | summarization | Shorten this text to 100 words
    en | summarization | List the main takeaways from the chapter
    en | summarization | Please recap what was decided in this thread
    en | summarization | Give me the gist of this paper
    en | summarization | Summarise in two lines
    en | summarization | Make this shorter
    en | summarization | What is this article about in one paragraph? Summary please
    en | summarization | Give a brief overview of the attached minutes
    en | analysis | Analyze the sales data and find trends
    en | analysis | Compare the pros and cons of electric and petrol cars
    en | analysis | Perform a SWOT analysis of Tesla
    en | analysis | What is the sentiment of this review: 'The food was cold.'
    en | analysis | Evaluate the risks of this investment
    en | analysis | Identify patterns in this dataset
    en | analysis | Assess the impact of the new tax on small companies
    en | analysis | Find the root cause of our falling retention
    en | analysis | Interpret these survey results
    en | analysis | Critique this business plan
    en | analysis | Compare PostgreSQL and MySQL in terms of performance
    en | analysis | Which of these two phones is better and why? Compare them
    en | analysis | What are the strengths and weaknesses of this argument?
    en | analysis | Look at these numbers and tell me what stands out: revenue 10, 12, 8
    en | analysis | Is this a good investment? Evaluate it
    en | analysis | Do a cost benefit analysis of remote work
    en | general | Hello!
    en | general | hi there, how are you today
    en | general | Tell me a joke
    en | general | Recommend a restaurant in Lisbon
    en | general | What should I cook tonight?
    en | general | ok thanks
    en | general | Good morning
    en | general | 42
    en | general | yes
    en | general | Name three colours
    en | general | I feel sad today
    en | general | What's the weather like?
    en | general | Let's play a game
    en | general | Who are you?
    en | general | Can you help me?
    en | general | Give me three ideas for a weekend trip
    en | code_generation | Can you write me a small Python script that downloads every image from a web page?
    en | code_generation | I want a Chrome extension that hides the comments on YouTube. Could you give me the manifest and the content script?
    en | code_generation | what is the time complexity of inserting into a hash map, and can you show it in Java?
    en | code_generation | Hey, hope you're well! I'm stuck on something: my useEffect runs twice on every render. Any idea what I'm doing wrong?
    en | code_generation | Traceback (most recent call last):\n  File "app.py", line 12, in <module>\n    main()\n  File "app.py", line 8, in main\n    print(items[3])\nIndexError: list index out of range\n\nwhy does this happen?
    en | code_generation | Write a macro for Excel in VBA which deletes all empty rows
    en | education | I'm a complete beginner. Can you walk me through how the stock market works?
    en | education | Who painted the ceiling of the Sistine Chapel and how long did it take?
    en | education | Give me five practice problems on quadratic equations with solutions.
    en | education | Make a study plan for me: I have two weeks until my biology exam and know nothing about genetics.
    en | education | What does the mitochondria do in a cell?
    en | education | Please quiz me on the capitals of South America, one question at a time.
    en | writing | Can you fix the grammar in this text? 'Me and him was going to the store yesterday and buyed milk.'
    en | writing | Could you help me word a text to my ex? I want to be kind but firm.
    en | writing | a poem about rain in the style of Emily Dickinson
    en | writing | make my cv summary sound more professional: I worked in a shop for 4 years and did the till and the orders
    en | writing | Improve the flow of this paragraph: The house was big. The house was old. Nobody lived in it. The wind went through it.
    en | writing | Please draft a polite reply to this email:\nHi Sam, we still haven't received your invoice for March. Could you send it by Friday? Best, Julia
    en | translation | Translate the following to German:\n\nThe delivery will arrive on Thursday between 9 and 12. Please make sure that somebody is at home.
    en | translation | "Es tut mir leid, dass ich zu spät bin." - English please
    en | translation | I need an accurate rendering of this Latin motto in English: Per aspera ad astra
    en | translation | What is 'good luck' in Turkish?
    en | translation | Localize our app store description for the German market
    en | translation | Convert these UI strings to Korean, keep the placeholders: "Hello {name}", "You have {count} messages"
    en | summarization | Here's a long thread about the outage. Summarise what happened, who was affected and what comes next.
    en | summarization | What did they decide in the end? Give me the short version of this conversation.
    en | summarization | Pull out the highlights of this interview with the coach
    en | summarization | Reduce the following review to one line: We stayed four nights, the room was clean, the breakfast was wonderful, but the street is loud and the parking costs extra.
    en | summarization | Summarize the text below in three sentences.\n\nThe city council met on Tuesday evening to discuss the new tram line. Supporters said that it would cut traffic in the centre by a fifth, while shop owners fear two years of construction. A vote was put off until the costs have been reviewed by an independent office.
    en | summarization | Brief me on the following document in under 100 words
    en | analysis | Please analyse the tone of this customer's message and tell me how angry they are: "I've been waiting for six weeks!!!"
    en | analysis | Perform a root cause analysis of the incident described below.\n\nAt 09:12 the deploy started, at 09:15 the error rate rose to 30 %, at 09:40 it was rolled back.
    en | analysis | Classify each of these reviews as positive, negative or neutral: 1. Loved it. 2. Broke after a day. 3. It's okay.
    en | analysis | Is there a correlation between ad spend and revenue here? 10/100, 20/190, 30/310, 40/380
    en | analysis | Review this contract clause and point out anything unfavourable to the tenant: The landlord may end the lease at any time without notice.
    en | analysis | Estimate the market size for electric scooters in Spain
    en | general | Plan a three day trip to Prague for two people
    en | general | Which plants survive in a dark bathroom?
    en | general | pick a number between 1 and 10
    en | general | Good evening, are you there?
    en | general | I'm bored
    en | general | continue
    en | code_generation | whats wrong with my loop it never stops: while x > 0: print(x)
    en | code_generation | Can you help me set up a cron job that cleans /tmp once a week?
    en | code_generation | I'd like a small web server in Go with two routes, /health and /items, no frameworks please.
    en | code_generation | convert this to async/await: fetch(url).then(r => r.json()).then(console.log)
    en | code_generation | My CI keeps failing with "permission denied (publickey)" when it clones a submodule. How do I fix that?
    en | code_generation | Give me the SQL for a table of books with an author, an ISBN and a unique constraint
    en | code_generation | Review this pull request and suggest cleaner naming:\n- let x1 = getThing()\n+ let t = fetchThing()
    en | code_generation | how to deep copy an object in js
    en | education | Could you tell me why the sea is salty?
    en | education | What is the Krebs cycle and why is it important?
    en | education | I never understood recursion in maths class. Can you explain induction proofs with dominoes?
    en | education | How was Stonehenge built?
    en | education | Give me a short introduction to Buddhism for someone who has never heard of it
    en | education | what r the phases of the moon
    en | education | Help me with my homework: a train leaves at 9 and travels 240 km at 80 km/h. When does it arrive?
    en | education | Which countries were part of the Warsaw Pact?
    en | writing | Could you polish my personal statement for a master's programme in architecture?
    en | writing | I want to invite my neighbours to a summer barbecue. Something short for the letterbox, cheerful.
    en | writing | Write two verses and a chorus about missing the last bus
    en | writing | make this sound nicer: your work is bad, do it again
    en | writing | Hi there! I run a flower shop and need an "about us" text for our site, warm and personal, around 120 words.
    en | writing | Write a scene in which two old friends meet by accident at an airport
    en | writing | Please reply to this customer, apologise and offer a refund: "The mug arrived broken. Very disappointed."
    en | writing | need a title and intro for my article on beekeeping
    en | translation | What would "See you tomorrow" be in Swedish?
    en | translation | Translate this tweet, keep the slang: on va au ciné ce soir, t'es chaud ?
    en | translation | Hey, quick one - my Spanish is terrible. How do I tell my landlord "the heating is broken"?
    en | translation | Put the following into plain Portuguese as spoken in Lisbon: "Could you tell me where the nearest pharmacy is?"
    en | translation | eng to hindi: where are you going
    en | translation | Is there an English word for the German "Fernweh"?
    en | translation | This is the manual of my washing machine in Italian. I need it in English.\n\nPrima di utilizzare la macchina leggere attentamente le istruzioni.
    en | translation | Provide a Mandarin translation with pinyin: I would like a cup of hot tea.
    en | summarization | What's the bottom line of this memo?\n\nAfter careful review the board has decided to close the plant in Ohio by the end of the year and to move production to Texas.
    en | summarization | I missed the meeting. Here are the raw notes, can you tell me what I need to know?\n- budget approved\n- launch moved to June\n- Kim leaves in May
    en | summarization | Summary in max 5 bullets please
    en | summarization | The following is a 40 page report. Please write a one page digest for the management.
    en | summarization | Cut this down to 50 words: Our company was founded in 1982 by two brothers who wanted to make better bicycles. Today we have 300 employees in four countries.
    en | summarization | Can you give me a short rundown of what this privacy policy says?
    en | summarization | what happens in the first three episodes of the office, quick recap
    en | summarization | List the three most important statements of this article.
    en | analysis | Look through these complaints and tell me which topics come up most often.
    en | analysis | Is it smarter to pay off my mortgage early or to invest the money? Please weigh both sides.
    en | analysis | How does Nietzsche's view of morality differ from Kant's? Compare both positions critically.
    en | analysis | We raised the price by 10% and lost 4% of customers. Was that a good move?
    en | analysis | Rate this pitch from 1 to 10 and justify your score: an app that reminds you to drink water
    en | analysis | what can u conclude from this table: A 12 15 19, B 22 20 17
    en | analysis | Check whether the reasoning in the following paragraph holds up: All swans I saw were white, so all swans are white.
    en | analysis | Give a SWOT for a food truck that sells only soup
    en | general | what's up
    en | general | I had a terrible day at work
    en | general | Where can I go hiking near Denver with a dog?
    en | general | Which laptop would you buy for a student with 600 dollars?
    en | general | how long do I boil eggs
    en | general | sing me something
    en | general | Help me choose between the blue and the green sofa
    en | general | sure, go ahead
    en | code_generation | Please write a Swift extension that formats a date as 'yesterday', 'today' or the weekday.
    en | code_generation | my flask app returns 404 for every route except /
    en | code_generation | I have two Postgres tables and want all customers without an order. How would I write that?
    en | code_generation | #include <stdio.h>\nint main(void) { char *s; scanf("%s", s); }\nWhy is this wrong?
    en | code_generation | Give me a Makefile with targets build, test and clean
    en | code_generation | Can you turn this callback code into promises? fs.readFile('a.txt', (err, data) => { if (err) throw err; })
    en | code_generation | how do i undo the last commit but keep my changes
    en | code_generation | You are an expert programmer. Answer with code only. Task: parse a log line of the form "2024-01-01 ERROR disk full" into its parts using Kotlin.
    en | code_generation | Write tests for the following function and cover the edge cases
    en | code_generation | Good morning! Our Jenkins job takes 40 minutes since we added Docker. What could we do to make the build faster?
    en | education | What is a semiconductor?
    en | education | Can you help my son with long division? He's nine.
    en | education | why does ice float
    en | education | Describe how a bill becomes a law in the United States.
    en | education | I'm studying for the bar. Explain the hearsay rule and its main exceptions.
    en | education | How did the Black Death change Europe?
    en | education | Make ten flashcards about the bones of the hand.
    en | education | what's pi used for
    en | education | Please give me an easy example of a metaphor and of a simile, I always mix them up.
    en | education | In which year did India become independent, and who led the movement?
    en | writing | Write a eulogy for my aunt Rose who was a nurse for forty years.
    en | writing | can u write a nice bio for my dating profile, i like climbing and jazz
    en | writing | Draft a LinkedIn message to a recruiter, friendly but not too eager.
    en | writing | Please correct my English: "Yesterday I have seen a movie who was very interesting."
    en | writing | Describe a foggy harbour at dawn in about 150 words, as in a novel.
    en | writing | I need an email to parents about the school trip on Friday. Mention packed lunch and rain jackets.
    en | writing | Turn these notes into a polished paragraph: founded 2010, three shops, focus on repair, 12 staff
    en | writing | Write a funny toast for my boss who is turning 50
    en | writing | Suggest a better ending for my short story, in which the detective dies.
    en | writing | rap battle between a cat and a dog
    en | translation | Translate to Italian: the bill, please
    en | translation | what does "mañana" mean
    en | translation | Could someone put this sign into Vietnamese? "Please take off your shoes before you enter."
    en | translation | I wrote to my Danish colleague. Check whether my translation is right: "Tak for hjælpen" = "Thanks for the help"
    en | translation | How do Germans say "break a leg"?
    en | translation | Here is a paragraph from a Japanese newspaper. English translation, please: 東京は今日も雨です。
    en | translation | You translate product pages from English into Spanish and keep all HTML tags.\n<h1>Summer sale</h1><p>Up to 50% off</p>
    en | translation | say 'I love you' in ten languages
    en | translation | convert the text to french\n\nthe library is closed for repairs until further notice
    en | translation | Which is the correct Spanish for "I have been living here for two years"?
    en | summarization | Please summarise this complaint so that I can forward it to my manager:\nDear team, I ordered a chair on 3 May. It came on 20 May with one leg missing. I have called four times and nobody could help me.
    en | summarization | give me the 3 key points
    en | summarization | Here's an article about coral reefs. What does it say, in a nutshell?
    en | summarization | Make a one paragraph summary of Romeo and Juliet
    en | summarization | I was on holiday for two weeks. Can you recap this Slack channel for me?
    en | summarization | Shorten to a headline: The mayor of the town announced on Monday that the old swimming pool will be torn down and replaced by a park.
    en | summarization | condense these release notes for non technical readers
    en | summarization | Give me a synopsis of the film Inception without spoilers
    en | summarization | What are the main findings of the study below?\n\nWe followed 2,000 adults for ten years. Those who slept less than six hours had a higher blood pressure.
    en | summarization | Could you please shorten my answer? It is much too wordy.
    en | analysis | Analyze the following poem's use of imagery: The fog comes on little cat feet.
    en | analysis | Is Stripe or PayPal the better option for a small online shop?
    en | analysis | What's wrong with this argument: it rained after I washed my car, so washing my car causes rain.
    en | analysis | Here are last year's numbers per region. North 4.1, South 2.2, East 3.9, West 0.8. Where should we focus and why?
    en | analysis | Evaluate our onboarding process and tell me where new users might drop off.
    en | analysis | Compare these two CVs for the position of head nurse.
    en | analysis | does it make sense economically to replace a 5 year old boiler
    en | analysis | Assess how likely it is that the central bank cuts rates this year.
    en | analysis | Read these ten customer reviews and sort them by sentiment.
    en | analysis | Which factors explain why Norway has so many electric cars?
    en | general | good night
    en | general | What should I name my boat?
    en | general | I need ideas for a cheap date night
    en | general | How often should I water a cactus?
    en | general | are you a real person?
    en | general | My phone battery dies so fast, any advice?
    en | general | What's a good podcast about sailing?
    en | general | lol ok
    en | general | Find me something fun to do in Berlin on Sunday
    en | general | Can I freeze cooked rice?
    en | code_generation | Write a Ruby method that returns the nth Fibonacci number without recursion.
    en | code_generation | What's the difference between let and var in JavaScript?
    en | code_generation | my unity character falls through the floor, here is the script
    en | code_generation | Could you give me an nginx config that redirects http to https?
    en | code_generation | npm ERR! code ERESOLVE\nnpm ERR! ERESOLVE unable to resolve dependency tree\n\nhow can I get past this?
    en | code_generation | Design the database schema for a library with members, books and loans
    en | code_generation | translate this python to c++: print(sum(x for x in range(10) if x % 2))
    en | code_generation | I'm building a chat app with Flutter and want messages to appear in real time. Show me the client part.
    en | education | Teach me how compound interest works using a savings account as an example.
    en | education | what is the largest desert in the world
    en | education | Why do we have leap years?
    en | education | Explain like I'm five: what does a bank do?
    en | education | What are tectonic plates, and how do they cause earthquakes?
    en | education | I have to present Marie Curie in class next week. What should I know about her?
    en | education | convert 5 miles to kilometres and show me how it is done
    en | education | Who was the first woman in space?
    en | writing | Could you write a short farewell message to my team? I'm leaving on Friday.
    en | writing | Give me a funny out of office reply for the Christmas holidays
    en | writing | Write the opening scene of a play set in a submarine
    en | writing | Please proof read: "Their going to there house over they're."
    en | writing | write product copy for a waterproof backpack aimed at cyclists
    en | writing | I want a letter to the editor about the new parking fees, angry but witty
    en | writing | make my essay intro less boring\n\nThe industrial revolution was a very important time in history.
    en | writing | Compose a short prayer for a baptism
    en | translation | Translate "to be or not to be" into Latin and Greek
    en | translation | i need this in german asap: please find attached the invoice
    en | translation | How is "library" called in Portuguese?
    en | translation | Please translate my CV from Polish into English, keep the layout.
    en | translation | What do the words "carpe diem" mean in English?
    en | translation | Act as an interpreter between me (English) and a French speaker. First sentence: Where does it hurt?
    en | translation | french for "see you later"?
    en | translation | Rewrite the text in Spanish:\n\nThe museum opens at ten and closes at six.
    en | summarization | Summarise the plot of Moby Dick in five sentences
    en | summarization | Please give me an overview of what was said in this interview
    en | summarization | What are the key takeaways from the call below?\n\nSam: the client wants a demo by Friday. Lee: fine, but we need the data first. Sam: they will send it tomorrow.
    en | summarization | Can you make a TL;DR for this post?
    en | summarization | Put the essence of this chapter into two sentences.
    en | summarization | I need a condensed version of our terms of service, readable in one minute
    en | summarization | In the text below a farmer describes his year. Sum it up briefly.\n\nIn spring we plough and sow. In summer there is hay to make. In autumn comes the harvest, and in winter we mend the tools.
    en | summarization | bullet point summary pls
    en | analysis | What does this data tell us about customer loyalty? 2021: 40% return, 2022: 35%, 2023: 28%
    en | analysis | Do a pros and cons list for adopting a second dog
    en | analysis | Which of these three job offers should I take? A: 60k remote, B: 75k in Boston, C: 68k hybrid. Weigh them up.
    en | analysis | Investigate why deliveries are late every Monday.
    en | analysis | Critically examine the claim that homework improves grades.
    en | analysis | Can you spot any inconsistencies between these two witness statements?
    en | analysis | How risky is it to put all my savings into one stock?
    en | analysis | Predict next month's sales from 100, 110, 121, 133
    en | general | Hello there
    en | general | What movie should we watch tonight?
    en | general | How can I stop biting my nails?
    en | general | Recommend three board games for two players
    en | general | What's your favourite colour?
    en | general | I just got promoted!!
    en | general | Which wine goes with salmon?
    en | general | that's not what I meant
    // German
    de | code_generation | Hier ist mein Code, er stürzt immer ab. Kannst du den Fehler finden?\nint main() { int *p = 0; *p = 1; }
    de | code_generation | Schreib mir bitte eine Python-Funktion, die eine Liste von Zahlen sortiert.
    de | code_generation | Erstelle ein Bash-Skript, das jeden Abend ein Backup der Datenbank macht
    de | education | wer hat eigentlich die glühbirne erfunden
    de | education | Erkläre mir bitte, wie eine Wärmepumpe funktioniert.
    de | education | Ich schreibe morgen eine Klausur über den Dreißigjährigen Krieg. Kannst du mich abfragen?
    de | writing | Formuliere diese E-Mail höflicher: Ich will mein Geld zurück.
    de | writing | Kannst du bitte die Rechtschreibung und Grammatik in diesem Text korrigieren: Gestern bin ich in die stadt gegangen und habe ein neue Jacke gekauft.
    de | writing | Schreibe ein kurzes Gedicht über den Herbst
    de | translation | Hallo, könntest du mir diesen Brief vom Amt ins Türkische übersetzen? Sehr geehrte Frau Yilmaz, Ihr Antrag ist eingegangen.
    de | translation | Wie sagt man "Entschuldigung" auf Italienisch?
    de | translation | Ich brauche die englische Version dieser Produktbeschreibung: Handgemachte Seife aus Olivenöl.
    de | summarization | Das Treffen dauerte zwei Stunden. Anna stellte die Zahlen vor, Ben die neue App. Das Budget wurde vertagt.\n\nBitte in Stichpunkten zusammenfassen.
    de | summarization | Was sind die wichtigsten Punkte in diesem Protokoll?
    de | summarization | Kürze den Text bitte auf 100 Wörter
    de | analysis | Wie ist die Stimmung in dieser Bewertung: "Das Essen war kalt, aber der Kellner nett."
    de | analysis | Vergleiche die Vor- und Nachteile von Elektroautos und Benzinern
    de | analysis | Bewerte bitte diesen Geschäftsplan und nenne Stärken und Schwächen.
    de | general | Erzähl mir einen Witz
    de | general | danke, das war super
    de | general | Mir ist langweilig, hast du eine Idee für das Wochenende?
    de | code_generation | Kannst du mir eine Regex geben, die deutsche Postleitzahlen erkennt?
    de | code_generation | Ich bekomme in TypeScript den Fehler "Object is possibly undefined". Was mache ich falsch?
    de | education | Kannst du mir in einfachen Worten sagen, was ein Schwarzes Loch ist?
    de | education | Wie kam es zum Fall der Berliner Mauer?
    de | writing | Bitte mach aus diesen Stichworten eine nette Einladung: Samstag, 18 Uhr, Garten, Grillen, Salat mitbringen
    de | writing | schreib mir ne kurze geschichte über einen roboter der angst vor wasser hat
    de | translation | Was bedeutet "to call it a day" auf Deutsch?
    de | translation | Bitte ins Polnische: Ich komme morgen um acht.
    de | summarization | Ich habe keine Zeit, das alles zu lesen. Was steht drin, in zwei Sätzen?
    de | summarization | Erstelle eine Kurzfassung des folgenden Berichts für die Geschäftsleitung
    de | analysis | Lohnt sich eine Solaranlage bei 3000 kWh Verbrauch im Jahr? Rechne die Vor- und Nachteile durch.
    de | analysis | Was sagen diese Umfrageergebnisse aus? 40 % zufrieden, 35 % neutral, 25 % unzufrieden
    de | general | Was schenke ich meinem Opa zum Achtzigsten?
    de | general | na, alles klar?
    de | code_generation | Schreib eine CSS-Regel, die den Button rechts unten fixiert.
    de | code_generation | Wie lösche ich in Git einen Branch auf dem Server?
    de | education | Wie entsteht ein Regenbogen?
    de | education | Nenne mir drei Beispiele für Säugetiere, die im Wasser leben, und erklär warum sie keine Fische sind.
    de | writing | Ich möchte meinem Vermieter schreiben, dass die Heizung kaputt ist. Bitte freundlich, aber bestimmt.
    de | writing | Gedicht zum Geburtstag, 8 Zeilen, lustig
    de | translation | Bitte auf Englisch: Wir sehen uns nächste Woche.
    de | translation | kannst du das aus dem französischen übersetzen: je suis en retard
    de | summarization | Fass mir das Buch "Der Prozess" kurz zusammen
    de | summarization | Mach daraus eine kurze Übersicht mit fünf Punkten:\nIm Meeting ging es um das neue Büro, den Umzug im Mai, die Parkplätze, die Kantine und den Betriebsrat.
    de | analysis | Ist es besser, ein Auto zu leasen oder zu kaufen?
    de | analysis | Wie bewertest du diese Strategie für einen kleinen Buchladen: nur noch online verkaufen?
    de | general | Wie kriege ich Kaffeeflecken aus dem Teppich?
    de | general | Was kann ich mit Kindern bei Regen machen?
    // French
    fr | code_generation | Corrige cette requête SQL : SELECT nom FORM clients WHERE ville = 'Lyon'
    fr | code_generation | Comment lire un fichier CSV en Java ?
    fr | code_generation | Mon programme plante avec l'erreur « segmentation fault », peux-tu m'aider à trouver le bug ?
    fr | education | Pourquoi le ciel est-il bleu ?
    fr | education | Bonjour, j'ai un examen d'histoire demain sur la Révolution française, peux-tu m'interroger ?
    fr | education | Résous l'équation 2x + 7 = 15 étape par étape
    fr | writing | Écris un poème sur la mer en hiver
    fr | writing | Rédigez un article de blog sur les bienfaits de la marche
    fr | writing | J'aurais besoin d'un discours de mariage drôle et émouvant pour ma sœur, de deux minutes environ.
    fr | translation | Traduis cette phrase en anglais : Le train est en retard.
    fr | translation | Je voudrais la version italienne de ce menu : Soupe à l'oignon, steak frites, crème brûlée
    fr | translation | Pourriez-vous traduire le courriel suivant en allemand ? Madame, Monsieur, nous vous remercions de votre commande.
    fr | summarization | Peux-tu raccourcir ce texte à cent mots ?
    fr | summarization | Résume le texte suivant en trois phrases :\nLe conseil municipal a voté mardi la fermeture du centre-ville aux voitures. Les commerçants s'inquiètent, les riverains se réjouissent.
    fr | summarization | Fais-moi un résumé de « Madame Bovary »
    fr | analysis | Ce commentaire est-il positif ou négatif : « Le repas était froid mais le serveur charmant » ?
    fr | analysis | Analyse les chiffres de vente suivants : janvier 120, février 140, mars 90
    fr | analysis | Pourquoi nos ventes ont-elles baissé ce trimestre ? Examine les causes possibles.
    fr | general | Qu'est-ce que je pourrais cuisiner ce soir ?
    fr | general | Bonjour, comment vas-tu ?
    fr | general | Conseille-moi un bon restaurant à Marseille
    fr | code_generation | J'ai une erreur 500 avec mon API Express, voici le code : app.get('/', (req, res) => { res.send(x) })
    fr | code_generation | Comment trier un dictionnaire par valeur en Python ?
    fr | education | Peux-tu m'apprendre les bases de la comptabilité ?
    fr | education | Comment se forme un arc-en-ciel ?
    fr | writing | Écris une lettre de réclamation à mon opérateur téléphonique
    fr | writing | propose moi un titre et une intro pour mon article sur les abeilles
    fr | translation | Mets ce texte en portugais : Nous arrivons demain à huit heures.
    fr | translation | Comment traduiriez-vous « it's raining cats and dogs » ?
    fr | summarization | Je n'ai pas le temps de tout lire, fais-moi une synthèse en cinq lignes.
    fr | summarization | Que dit ce rapport, en bref ?
    fr | analysis | Que peut-on conclure de ces résultats ? A : 12, 15, 19. B : 22, 20, 17.
    fr | analysis | Vaut-il mieux acheter ou louer son appartement ? Pèse le pour et le contre.
    fr | general | Quel cadeau offrir à ma grand-mère pour ses 80 ans ?
    fr | general | ok super
    fr | code_generation | Ma boucle for en C ne s'arrête jamais, pourquoi ? for (int i = 0; i < 10; i--) {}
    fr | code_generation | Génère un script SQL pour créer une table clients
    fr | education | Qui était Louis XIV ?
    fr | education | À quoi servent les globules rouges ?
    fr | writing | Aide-moi à écrire un message pour annoncer mon départ à mes collègues
    fr | writing | Rends ce texte plus fluide : La maison était grande. La maison était vieille. Personne n'y habitait.
    fr | translation | Traduire en arabe : Bienvenue chez nous
    fr | translation | comment on dit fromage en polonais ?
    fr | summarization | Résumez cette conversation en trois points, s'il vous plaît.
    fr | summarization | Peux-tu me dire en quelques mots ce que raconte ce document ?
    fr | analysis | Quelles sont les forces et les faiblesses de notre concurrent ?
    fr | analysis | Analysez le ton de ce courrier : Nous regrettons vivement votre silence.
    fr | general | Comment enlever une tache de café sur un tapis ?
    fr | general | Tu connais un bon film pour ce soir ?
    // Spanish
    es | code_generation | necesito un script de bash que haga una copia de la base de datos cada noche
    es | code_generation | Haz una página web en HTML y CSS con un formulario de contacto
    es | code_generation | ¿Cómo puedo leer un archivo CSV en Java?
    es | education | Resuelve la ecuación 2x + 7 = 15 paso a paso
    es | education | Hola, mañana tengo un examen de historia sobre la guerra civil española. ¿Me puedes hacer preguntas?
    es | education | ¿Por qué el cielo es azul?
    es | writing | Crea un eslogan pegadizo para una panadería
    es | writing | corrige las faltas de ortografia de este texto: ayer fuy al mercado con mis amijos
    es | writing | Escribe un poema sobre el mar en invierno
    es | translation | ¿Cómo se dice "muchas gracias" en japonés?
    es | translation | Buenos días, ¿podría traducirme el siguiente correo al alemán? Estimados señores, les agradecemos su pedido.
    es | translation | Traduce esta frase al inglés: El tren llega tarde.
    es | summarization | ¿Puedes acortar este texto a cien palabras?
    es | summarization | dame las ideas principales de este articulo
    es | summarization | La reunión duró dos horas. Ana presentó las cifras y Bruno la nueva aplicación. El presupuesto se aplazó.\n\nPor favor, sintetiza lo más importante en viñetas.
    es | analysis | ¿Por qué han bajado nuestras ventas este trimestre? Examina las posibles causas.
    es | analysis | ¿Qué sentimiento expresa esta reseña? "La comida estaba fría pero el camarero era simpático"
    es | analysis | Evalúa este plan de negocio y señala sus puntos fuertes y débiles.
    es | general | ¿Qué puedo cocinar esta noche?
    es | general | Estoy aburrido, ¿alguna idea para el fin de semana?
    es | general | gracias, perfecto
    es | code_generation | Me sale un NullPointerException en esta línea: String s = null; s.length();
    es | code_generation | cómo centro un div en css
    es | education | ¿Me puedes enseñar los fundamentos de la contabilidad?
    es | education | ¿Cómo se forma un arcoíris?
    es | writing | Escríbeme una carta de reclamación para mi compañía de teléfono
    es | writing | mejora la redacción de este correo: hola, mandame ya los papeles
    es | translation | Pasa este texto al portugués: Llegamos mañana a las ocho.
    es | translation | ¿Cómo traducirías "it's raining cats and dogs"?
    es | summarization | No tengo tiempo de leer todo esto, dime lo esencial en cinco líneas.
    es | summarization | ¿De qué trata este documento? Un resumen corto, por favor
    es | analysis | ¿Qué se puede concluir de estos resultados? A: 12, 15, 19. B: 22, 20, 17.
    es | analysis | ¿Es mejor comprar o alquilar un piso? Valora los pros y los contras.
    es | general | ¿Qué le regalo a mi abuela por sus 80 años?
    es | general | vale, genial
    es | code_generation | Mi bucle for en C no termina nunca, ¿por qué? for (int i = 0; i < 10; i--) {}
    es | code_generation | Genera un script SQL para crear una tabla de clientes
    es | education | ¿Quién fue Simón Bolívar?
    es | education | ¿Para qué sirven los glóbulos rojos?
    es | writing | Ayúdame a escribir un mensaje para despedirme de mis compañeros
    es | writing | Haz este texto más fluido: La casa era grande. La casa era vieja. Nadie vivía en ella.
    es | translation | Traducir al árabe: Bienvenidos a nuestra casa
    es | translation | como se dice queso en polaco
    es | summarization | Resúmeme esta conversación en tres puntos
    es | summarization | Dime en pocas palabras qué cuenta este documento
    es | analysis | ¿Cuáles son las fortalezas y debilidades de nuestro competidor?
    es | analysis | Analiza el tono de esta carta: Lamentamos profundamente su silencio.
    es | general | ¿Cómo quito una mancha de café de la alfombra?
    es | general | ¿Conoces una buena película para hoy?
    // Chinese
    zh | code_generation | 优化一下这条SQL语句：SELECT * FROM orders WHERE user_id = 7
    zh | code_generation | 如何在Java中读取CSV文件？
    zh | code_generation | 帮我看看这段代码哪里有问题：for (int i = 0; i <= n; i++) a[i] = 0;
    zh | education | 请用简单的话解释一下光合作用。
    zh | education | 一步一步解方程：2x + 7 = 15
    zh | education | 什么是黑洞
    zh | writing | 帮我写一封求职信，应聘护士岗位。
    zh | writing | 我需要一篇婚礼致辞，要幽默感人，大约两分钟。
    zh | writing | 请把这句话改得更礼貌一些：把钱还给我。
    zh | translation | nevertheless是什么意思？请给出中文翻译
    zh | translation | 把下面这句话翻译成英文：火车晚点了。
    zh | translation | “谢谢”用日语怎么说？
    zh | summarization | 概括一下《红楼梦》的主要内容
    zh | summarization | 这份报告的要点是什么？
    zh | summarization | 会议开了两个小时。安娜介绍了数据，小王介绍了新应用。预算推迟讨论。\n\n请归纳成几条要点。
    zh | analysis | 把服务器搬到云上有哪些风险？
    zh | analysis | 判断这条评论的情感是正面还是负面：“菜是冷的，但服务员很好。”
    zh | analysis | 比较电动车和燃油车的优缺点
    zh | general | 推荐一家上海的好餐厅
    zh | general | 今天晚上吃什么好呢？
    zh | general | 谢谢，太好了
    zh | code_generation | Vue里怎么实现一个可以拖拽的列表？
    zh | code_generation | 运行npm install的时候一直报错，应该怎么办
    zh | education | 彩虹是怎么形成的？
    zh | education | 我是零基础，想学会计，应该从哪里开始？请教教我基本概念。
    zh | writing | 帮我给房东写一条消息，说暖气坏了，语气客气一点
    zh | writing | 写一个关于害怕水的机器人的童话故事
    zh | translation | 请将以下内容译为葡萄牙语：我们明天八点到。
    zh | translation | “加油”英语怎么说比较地道？
    zh | summarization | 没时间看全文，用五句话告诉我讲了什么
    zh | summarization | 把会议记录整理成三条重点
    zh | analysis | 租房好还是买房好？请从财务角度分析利弊。
    zh | analysis | 从这些数字能得出什么结论？A：12、15、19；B：22、20、17
    zh | general | 奶奶八十大寿送什么礼物好？
    zh | general | 哈喽，在吗
    zh | code_generation | 写一个SQL脚本创建客户表
    zh | code_generation | 我的for循环停不下来，哪里写错了？for(int i=0;i<10;i--){}
    zh | education | 红细胞有什么作用？
    zh | education | 秦始皇是谁？他做了哪些重要的事？
    zh | writing | 帮我写一段话，向同事告别
    zh | writing | 把下面的文字改得更流畅：房子很大。房子很旧。没有人住。
    zh | translation | 翻译成阿拉伯语：欢迎来到我们家
    zh | translation | 奶酪用波兰语怎么讲？
    zh | summarization | 把这段对话总结成三点
    zh | summarization | 用几句话说说这个文件讲的是什么
    zh | analysis | 我们的竞争对手有哪些强项和弱点？
    zh | analysis | 分析这封信的语气：我们对您的沉默深表遗憾。
    zh | general | 地毯上的咖啡渍怎么去掉？
    zh | general | 今晚有什么好看的电影吗
    """#)
}
