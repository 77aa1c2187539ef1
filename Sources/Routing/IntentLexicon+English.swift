extension IntentLexicon {
  static let english: [Row] = englishWords + englishLanguageNames

  private static let englishWords: [Row] = [
    Row(
      .codeGeneration, 6,
      """
      #include, in rust, in swift, in ruby, in go, in js, in bash, in sql, in python, in javascript, in \
      typescript, in java, in c++, in c#, in php, in kotlin, in golang, in html, in css, in react, to \
      python, to javascript, to typescript, to java, to c++, to c#, to php, to kotlin, to golang, to \
      rust, to swift, to ruby, to sql, to bash, to html, to css, to react, to js, python to, javascript \
      to, typescript to, java to, c++ to, c# to, php to, kotlin to, golang to, rust to, ruby to, sql to, \
      bash to, html to, css to, js to, using python, using javascript, using typescript, using java, \
      using c++, using c#, using php, using kotlin, using golang, using rust, using swift, using ruby, \
      using sql, using bash, using html, using css, using react, using go, using js
      """),
    Row(
      .codeGeneration, 5,
      """
      function that, script that, program that, code that, function which, script which, program which, \
      data structure, data structures, docstring*, query that, bug in, fix the bug, refactor*, unit \
      test, unit tests, write code, regex*, leetcode, this code, the code, my code, code does, \
      pseudocode, traceback, stack trace, stacktrace, segfault*, coding
      """),
    Row(
      .codeGeneration, 4,
      """
      laravel, svelte, flutter, fortran, cobol, verilog, arduino, pyspark, flexbox, awk, grep, sed, \
      ffmpeg, gitignore, rebase, sqlalchemy, asp net, apps script, big o, containeriz*, dockeriz*, \
      object oriented, css grid, git commit, app that, code, codes, debug*, segmentation fault, python, \
      javascript, typescript, java, golang, c++, c#, sql, html, css, php, kotlin, swiftui, dockerfile*, \
      docker, kubernetes, k8s, terraform, github, npm, pytest, django, fastapi, numpy, pandas, linked \
      list, binary search, binary tree, regular expression, shell script, bash script, rest api, syntax \
      error, type hints, chrome extension, browser extension, web app, hash map, time complexity, source \
      code, landing page, todo app, web page, webpage, vba, excel macro, express js, expressjs, linter, \
      quicksort, in c, in r, unity game, js, deep copy, in ts, postgres*, commit, commits, jenkins, \
      stdio, git branch, callback*, write a function, database schema, data model
      """),
    Row(
      .codeGeneration, 3,
      """
      rails, dart, elixir, erlang, clojure, latex, jupyter, kafka, grpc, protobuf, wasm, conda, venv, \
      decorator*, middleware, firebase, supabase, google sheets, dropdown, navbar, responsive, ssh, \
      systemd, chmod, webhook*, cors, commit message, polymorphism, inheritance, rerender*, render, \
      renders, http, sorting, regexp, compiles, webpage*, data frame, raspberry pi, function, functions, \
      bash, compil*, implementing, implements, script, scripts, scala, haskell, matlab, perl, \
      powershell, subroutine, algorithm*, bug, bugs, angular, vue, nextjs, node, nodejs, flask, spring \
      boot, tailwind, bootstrap, jquery, tensorflow, pytorch, scikit, jest, helm, ansible, nginx, \
      gitlab, git, pip, maven, gradle, webpack, makefile, cmake, graphql, crontab, cron, selenium, \
      scraper, scraping, crawler, discord bot, telegram bot, useeffect, usestate, dataframe, hashmap, \
      api, apis, endpoint*, backend, frontend, exception, null pointer, nullpointer*, typeerror, \
      indexerror, keyerror, valueerror, attributeerror, importerror, syntaxerror, runtimeerror, const, \
      async, await, parser, command line, json, yaml, xml, oauth, jwt, websocket*, microservice*, \
      codebase, stdout, stderr, deserializ*, serializ*, recursive, lambda, curl, stackoverflow, stack \
      overflow, error handling, opengl, game in, repo, repository, pull request, merge conflict, eslint, \
      ide, vscode, xcode, android studio, implement a, implement an, react component, react app, an \
      object, an array, array of, list of, dict, dictionary, tuple, set up a, submodule, unique \
      constraint, foreign key, primary key, request body, sdk, http server, web server, log in, \
      permission denied, branch, merge, 404, 500 error, undo, edge cases, promises, stdin, println, \
      printf, config, install, configure, resolve, dependency, dependencies
      """),
    Row(
      .codeGeneration, 2,
      """
      recursion, mysql, sqlite, mongodb, redis, pipeline, assembly, bot, modal, dark mode, spark, orm, \
      mock, stub, automate, fix this, tests, ui, implement, rust, ruby, react, swift, program, \
      programming, array, arrays, database, def, var, null, query, thread, mutex, class that, loop, cli, \
      div, software, variable*, undefined, crash, crashes, crashing, error, errors, schema, migration, \
      manifest, snippet, server, deploy*, localhost, library, plugin, macro, excel, spreadsheet formula, \
      formula, login form, button, input field, struct, enum, boolean, integer, int, iterator, callback, \
      pointer, memory leak, deadlock, race condition, latency, cache, developer, ios, android, log file, \
      terminal, linux, workflow, ci, csv, utf, encoding, timestamp, unity, string, object, objects, \
      strings, ts, route, routes, constraint, extension, build
      """),
    Row(
      .codeGeneration, 1,
      """
      float, method, methods, import, return, app, website, class, sort, fix, component, file, files, \
      optimize, print
      """),
    Row(
      .education, 6,
      """
      teach me, quiz me, flashcards, flash cards, eli5, lesson plan, study plan, study guide
      """),
    Row(
      .education, 5,
      """
      crash course, periodic table, mnemonic*, multiple choice, what caused, explain to, practice \
      problems, practice questions, me understand, difference between, differ from, maths tutor, math \
      tutor, which year, long division, what year
      """),
    Row(
      .education, 4,
      """
      basics, fundamentals, syllabus, logarithm*, formula for, what led, how come, memoriz*, why can, \
      why don, why doesn, explain*, explan*, homework, exam, exams, quiz, tutor, what causes, why does, \
      why do, why did, why is, why are, why was, why were, how does, who invented, who discovered, who \
      painted, who wrote, who was, when did, when was, life cycle, lesson, lessons, curriculum, \
      worksheet, who is, which countries, which country, phases of, history of, stages of, types of, \
      what r, the formula, capital city, parts of, structure of, used for, stand for, stands for, good \
      for, multiplication, what makes, what exactly, metaphor*, simile*, independen*, is called, differ, \
      in class, know about
      """),
    Row(
      .education, 3,
      """
      introduction to, clarify, fun fact, fun facts, true or, is it true, prove, proof, calculate, \
      newton, einstein, darwin, osmosis, ecosystem*, renaissance, constitution, what would happen, how \
      big, how fast, how old, how hot, how deep, in physics, in chemistry, teach, teaching, learn, \
      learning, tutorial, define, definition, understand, concept*, theorem, equation*, solve, \
      derivative*, integral, integrate, calculus, algebra, geometry, trigonometry, fractions, quadratic, \
      capital of, how did, how are, meaning of, student, students, teacher, grader, grade, beginner, me \
      through, step by, meant by, what s, what is, what are, photosynthesis, quantum, how many, how far, \
      how long, where is, which planet, the student, in layman, layman s, simple terms, simple words, in \
      school, world war, civil war, division, led the, grammar rule, law, verb, verbs, noun, nouns, \
      tense, who led, who won, miles, kilometres, kilometers, celsius, fahrenheit, pounds, inches, \
      percent of, square root, cube, kilograms
      """),
    Row(
      .education, 2,
      """
      what happens, elaborate, 101, percentage, shakespeare, climate change, greenhouse, similarities, \
      plato, kant, causes of, cause of, how do, me about, what does, what was, what were, what do, \
      study, studying, physics, chemistry, biology, history, math, maths, mathematics, science, gravity, \
      evolution, scientist*, philosoph*, century, empire, revolution, treaty, planet*, atom*, molecul*, \
      cell, cells, virus, bacteria, genetics, dna, solar, ancient, democracy, inflation, electricity, \
      volcano*, earthquake*, dinosaur*, economics, astronomy, relativity, probability, prime number, \
      matrix, vector, theory, in simple, examples, black hole, black holes, kids, moon, sun, earth, \
      ocean, oceans, country, countries, king, queen, president, emperor, pact, continent*, galaxy, \
      universe, stars, brain, heart, blood, human body, animals, species, battle, religion, buddhism, \
      islam, christianity, law of, laws of, cycle, acid, acids, energy, light, sound waves, happens, \
      civilization, medieval, colony, colonies, element, elements, known for, famous for, called, \
      convert, largest, smallest, highest, tallest, longest, deepest, fastest, oldest, first man, first \
      woman, first person, desert, river, mountain, population
      """),
    Row(
      .education, 1,
      """
      does it, works, course, mean, school, term, who, invented, describe, when, why, how, question*, \
      example, topic, do we
      """),
    Row(
      .writing, 6,
      """
      youtube script, video script, podcast script, recommendation letter, subject line, subject lines, \
      mission statement, personal statement, love letter, cover letter, press release, blog post, short \
      story, product description, proofread*, screenplay, paraphras*, rephras*, reword*, bedtime story, \
      opening paragraph, my resume, a resume, resume for, the resume, this resume, your resume, \
      resignation letter, birthday message, birthday card, wedding speech, job posting, fairy tale, ad \
      copy, thank you note, an email, a poem, a letter, a story, an essay, a speech, a song, a blog, a \
      caption, a haiku, a slogan, a toast, a eulogy, a limerick, a script for, a tweet, a newsletter
      """),
    Row(
      .writing, 5,
      """
      prologue, epilogue, jingle*, ballad*, acrostic, sermon*, memoir*, grammatic*, proof read, spell \
      check, spellcheck, best man, cold email, essay*, haiku*, limerick*, sonnet*, slogan*, tagline*, \
      rewrit*, lyric*, obituary, eulogy, speech, copywriter, wedding toast, vows, cover letters, short \
      stories, grammar, fan fiction, fanfiction, ghostwriter, a reply, a message, an invitation, a \
      paragraph, an ad, a review of, an announcement, a bio, a dialogue, a scene, a novel, polished, an \
      apology, a complaint, a post, a note to, a title
      """),
    Row(
      .writing, 4,
      """
      my cv, a headline, poem*, poetry, blurb*, congratulat*, apolog*, it sound, sound less, flow \
      better, correct my, motto*, rap, about us, fable*, out of office, performance review, sound more, \
      draft*, newsletter*, blog, blogs, compose, composing, caption*, dialogue*, monologue*, \
      invitation*, toast, complaint, spelling, typos, sounds more, friendlier, more formal, more \
      professional, more polite, more persuasive, rhym*, job description, job ad, thank you, wording, \
      more concise, more natural, professionally written, linkedin, instagram, tweet*, catchy, cover \
      page, punctuation, invite, respond to, text message, this sound, sound nicer, rude, birthday wish, \
      birthday wishes, movie script, opening line, title for, name tag, letterbox, chorus, prayer, hymn, \
      play set, short message, farewell, cheeky, witty
      """),
    Row(
      .writing, 3,
      """
      an article, story, stories, email, emails, e mail, mail, novel, novels, letter, letters, song, \
      villain*, protagonist*, sound like, expand this, verse, verses, horror, listing, statement of, \
      sympathy, maid of, persuad*, storytelling, headline*, persuasive, testimonial*, brochure*, flyer, \
      bio, biography, tone, reply, creative, character, characters, scene, facebook post, word a, word \
      an, continue this, more engaging, letterhead, punchy, edit, script for, apology, announcement, \
      letter to, note to, message to, formal, sound, intro, title and, respond, make this, more casual, \
      nicer, refund, friendlier tone, note for, quote for, poster, product name, warm, write, write an, \
      write me
      """),
    Row(
      .writing, 2,
      """
      polish, paragraph*, pitch, card, fantasy, romance, wedding, greeting, sci fi, follow up, correct \
      the, plot, writing, written, writer, article, style, ads, advert, advertisement, fairy, post, \
      copy, cv, marketing, chapter, poet, narrat*, fiction, playful, heartfelt, names for, name for, \
      polite, friendly, greeting card, text to, condolence*, description for, speech for, about a, \
      title, titles, make it, message, note, cheerful, personal, introduction, ending, into a, turn \
      these, dawn, imagery, write some, write two, write three
      """),
    Row(.writing, 1, "description, words about, words on, words, sentence, funny, word, professional"),
    Row(.translation, 8, "translat*"),
    Row(
      .translation, 6,
      """
      trasnlat*, tranlat*, transalt*, trnaslat*, traslat*, localiz*, localis*, germans say, italians \
      say, spaniards say, french say, americans say, russians say, people say, locals say, language say
      """),
    Row(
      .translation, 5,
      """
      you say, u say, ya say, native speaker, word for word, bilingual, multilingual, foreign language, \
      mother tongue
      """),
    Row(.translation, 4, "languages, sign say, reads in, interpreter"),
    Row(
      .translation, 3,
      """
      to say, pronounc*, simplified chinese, traditional chinese, i say, one say, speaker say, word for, \
      say in, mean in, rendering, rendition, language, dialect, idiom*
      """),
    Row(.translation, 2, "speaker"),
    Row(.translation, 1, "does this, sentence into, sentence to, subtitle*"),
    Row(.summarization, 8, "summar*, tldr, tl dr, sum up, recap*, nutshell"),
    Row(.summarization, 7, "condens*, key points, gist, shorten*, key takeaways"),
    Row(
      .summarization, 6,
      """
      sumar*, synopsis, cliff notes, cliffs notes, cliffnotes, sparknotes, boil down, boil this, brief \
      me, executive summary, abridge*, quick recap, quick rundown, rundown, main points, takeaway*
      """),
    Row(
      .summarization, 5,
      """
      bottom line, catch me, long story, main takeaway, quick summary, main ideas, main idea, main \
      takeaways, short version, shorter version, action items, key arguments, main arguments, key facts, \
      key ideas, key findings, key insights, important points, half the, core message, main message, \
      central points, distil, distill, main findings, findings, digest
      """),
    Row(
      .summarization, 4,
      """
      highlights, shorter, one sentence, meeting notes, bullet points, bullets, main themes, key themes, \
      the minutes, meeting minutes, minutes of, to one, to know, raw notes, i missed, read this, \
      statements of, happened, what happened, short overview, main facts, one page, up to speed, cut \
      this
      """),
    Row(
      .summarization, 3,
      """
      skim, or less, or fewer, extract the, in a few, me up, a few lines, most important, abstract, \
      transcript*, overview, in short, two sentences, three sentences, few sentences, one line, two \
      lines, one paragraph, too long, long article, long text, the length, this about, paper about, \
      quick version, essentials, outline, in brief, essence, short form, read all, whole thing, cut \
      down, trim, compress, notes, in 5, in five, what this, time to read, important statements, to \
      read, max, to a, digest for
      """),
    Row(
      .summarization, 2,
      """
      50 words, 100 words, the main, the key, a brief, brief summary, briefly, under 100, under 50, \
      bullet, this article, following article, the article, this thread, the thread, this paper, this \
      document, this report, the document, this text, the text, this chapter, this conversation, this \
      discussion, this email, report below, this podcast, this video, in 100, in 50, at most, reduce, \
      says, memo, policy, this memo, these notes, release notes
      """),
    Row(.summarization, 1, "no more, short"),
    Row(.analysis, 7, "compar*, analy*"),
    Row(
      .analysis, 6,
      """
      swot, root cause, pros and, pros cons, cost benefit, analiz*, evaluat*, assess*, critiqu*
      """),
    Row(
      .analysis, 5,
      """
      pestle, pestel, porter s, contrast, pros or, anali*, trade offs, trade off, tradeoff*, sentiment, \
      disadvantages, market size, market research, due diligence, fallac*, strengths and, logical flaws, \
      rate this, critically, reasoning, holds up, hold up, which factors, how risky, risky
      """),
    Row(
      .analysis, 4,
      """
      roi, cash flow, balance sheet, income statement, p value, ab test, confidence interval, valuation, \
      credib*, rhetoric*, subtext, inconsisten*, contradiction*, counterargument*, differences between, \
      side by, worth it, trend, trends, correlat*, insight*, risk, risks, classif*, categoriz*, \
      categoris*, anomal*, outlier*, conclusion*, interpret*, examin*, investigat*, diagnos*, weakness*, \
      versus, vs, better choice, regression, forecast*, implication*, statistical*, dataset*, should we, \
      stands out, stand out, benchmark*, better option, advantages, financial analyst, data analyst, is \
      better, feasib*, viab*, hypothes*, scenario*, break down, breakdown, loophole*, conclude*, look \
      through, come up, justify, most often, check whether, both sides, good move, smarter, good idea, \
      validate, verdict, grade this, argue for, whether it, factors, economically, financially, weak \
      points, weak spots, what explains, likelihood, how likely, worse than, pays off, pay off, this \
      data, data tell, the data, tell us, riskier, data show, data suggest
      """),
    Row(
      .analysis, 3,
      """
      deviation, cohort*, segment*, funnel, evidence, reliab*, assumption*, which one, similarities \
      between, is it worth, our customers, our sales, our users, drivers, patterns, estimate, estimat*, \
      strengths, impact, review, which of, weigh, survey, churn, retention, revenue, quarterly, metrics, \
      statistic*, significan*, business plan, business idea, business model, this argument, unfavo*, \
      critical, financial, predict*, kpi, kpis, quantif*, positive or, positive negative, pros, cons, \
      criteria, score, audit, which option, competitor*, bias, biases, validity, conversion rate, which \
      is, rank, symbolism, themes, red flags, rate, from this, complaints, worthwhile, this table, these \
      numbers, these results, data below, increase in, decrease in, topics, positions, bad idea, make \
      sense
      """),
    Row(
      .analysis, 2,
      """
      customers, claim, claims, theme, detect, flag, spot, cheaper, do you think, pattern, data, \
      negative, neutral, opinion, argument, affect, affects, effect on, effects, investment, invest, \
      profit*, margin*, decline, declin*, drop, dropped, strategy, results, figures, sales, causes, \
      possible causes, feedback, clause, study find, consequences for, costs, comparison of, market, \
      table, mortgage, price, interest rates, lost, whether, justified, convincing, persuasiveness, \
      spending
      """),
    Row(
      .analysis, 1,
      """
      how often, better, performance, numbers, report, spreadsheet, reason, reasons, identify, argue, \
      contract, quality, log
      """),
    // Small talk and everyday advice, which have words of the others in them.
    Row(.general, 6, "your favourite, your favorite"),
    Row(
      .general, 5,
      """
      joke*, recipe*, bored, role play, roleplay, workout, itinerary, are you, s up, near me
      """),
    Row(
      .general, 4,
      """
      weather, recommend*, restaurant*, gift*, trip, vacation, cook, cooking, dinner, lunch, breakfast, \
      your name, feelings, pick a, play a, thank you so, netflix, movie*, hotel*, weekend, hobby, \
      hobbies, hiking, help me choose, what time, my day, should i, advice, get rid, any advice, a good, \
      do i clean, water a, dates, date night, podcast*, play with, watch tonight, names for my, name my
      """),
    Row(
      .general, 3,
      """
      film, films, present for, series, sleep, suggest*, ideas for, carpet, stain*, diet, weight loss, \
      buy, travel, flight*, sad, lonely, you feel, you there, birthday, neighbour, neighbor, can you do, \
      you do, meal, birthday gift, dating, boyfriend, girlfriend, pet, kitten, puppy, outfit, wear, \
      motivat*, name three, do i, what should, where can, where to, things to, lets, let s, talk to, \
      sing, choose between, eggs, pasta, chicken, bake, cake, rice, tired, stressed, a terrible, a bad, \
      laptop, phone, how much
      """),
    Row(
      .general, 2,
      """
      holiday, party, do you, plan a, tips, shopping, clean, cleaning, song to, book to, books to, fun, \
      i feel, game, favorite, favourite, survive, can i, boil, dollars, euros, i had, my mom, my mum, my \
      dad, my wife, my husband, my friend, my boss, what to, chat, at work, sunday, saturday, tonight, \
      tomorrow, coffee, cactus, battery, drink, hungry, headache, wifi
      """),
    Row(.general, 1, "good, best"),
  ]

  /// A language's name hints at translation; as a target ("into French") it nearly settles it.
  private static let englishLanguageNames: [Row] = {
    let names = [
      "french", "spanish", "german", "italian", "japanese", "chinese", "mandarin", "korean", "portuguese",
      "russian", "arabic", "hindi", "dutch", "turkish", "swedish", "greek", "hebrew", "ukrainian", "polish",
      "vietnamese", "english", "latin", "danish", "norwegian", "finnish", "czech", "hungarian", "romanian",
      "thai",
      "indonesian", "persian", "farsi", "urdu", "bengali", "cantonese", "tagalog", "swahili", "brazilian",
      "croatian",
      "catalan", "irish", "welsh", "malay", "tamil", "punjabi", "bulgarian", "serbian", "slovak",
    ]
    func row(_ weight: UInt8, _ entry: (String) -> String) -> Row {
      Row(.translation, weight, names.map(entry).joined(separator: ","))
    }
    // "Polish" and "English" alone are more often a verb and a school subject.
    let hints = names.filter { $0 != "polish" && $0 != "english" && $0 != "irish" }.joined(separator: ",")
    return [
      Row(.translation, 2, hints), row(5) { "into \($0)" }, row(4) { "to \($0)" }, row(5) { "in \($0)" },
      row(3) { "from \($0)" }, row(4) { "\($0) version" }, row(5) { "\($0) word" }, row(4) { "\($0) please" },
      row(3) { "\($0) equivalent" }, row(5) { "\($0) for" }, row(4) { "correct \($0)" },
      row(5) { "\($0) translation" }, row(4) { "my \($0)" },
      Row(.translation, 4, "in simplified, into simplified, in brazilian, in traditional"),
    ]
  }()
}
