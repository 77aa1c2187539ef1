/// The words that tell what a prompt is about, with weights: 1 hints, 6 settles it.
///
/// A row is one intent in one language. Entries are lower case; an entry of two words matches them next
/// to each other. Add a language by adding rows: nothing else knows which language a word is of.
enum IntentLexicon {
  struct Row {
    let intent: Intent
    let weight: UInt8
    /// Entries separated by commas.
    let entries: String

    /// The entries one by one, their words one space apart.
    var words: [String] {
      entries.split(separator: ",").map { $0.split(separator: " ").joined(separator: " ") }
    }
  }

  static let rows: [Row] = english + languageNames

  private static let english: [Row] = [
    Row(intent: .codeGeneration, weight: 5, entries: "refactor, unit tests, unit test, write code, regex"),
    Row(
      intent: .codeGeneration, weight: 3,
      entries: """
        code, coding, function, python, javascript, typescript, java, golang, c++, c#, sql, html, css, \
        bash, debug, compile, implement, php, kotlin, linked list, binary search, stack trace, segfault, \
        regular expression, rest api, shell script, django, numpy, pandas, subroutine, dockerfile, type hints, todo app
        """),
    Row(
      intent: .codeGeneration, weight: 2,
      entries: """
        script, algorithm, bug, bugs, swift, rust, ruby, api, program, react, docker, kubernetes, endpoint, \
        json, exception, array, recursive, const, async, backend, frontend, parser, command line, database, \
        git, def, var, null, query, compiler, thread, mutex, class that, method, loop, node, cli, \
        microservice, makefile, yaml, terraform, npm, div, vue, nullpointerexception, typeerror, codebase, software
        """),
    Row(
      intent: .codeGeneration, weight: 1,
      entries:
        "recursion, import, return, app, website, class, variable, library, sort, fix, string, component"),

    Row(intent: .education, weight: 5, entries: "teach me, explain to, quiz me, flashcards"),
    Row(
      intent: .education, weight: 3,
      entries: """
        explain, how does, teach, learn, lesson, tutorial, homework, exam, quiz, difference between, \
        what causes, define, why does, why do, why is, why are, why did, me understand, eli5
        """),
    Row(
      intent: .education, weight: 2,
      entries: """
        explain how, explain why, what is, what s, what are, how do, understand, student, students, concept, \
        definition, beginner, theorem, physics, chemistry, biology, history, math, maths, mathematics, \
        photosynthesis, quantum, gravity, study, teacher, equation, meaning of, me about, what does, \
        how did, how are, solve, calculus, algebra, geometry, fractions, me through, science, grade, who was, curriculum
        """),
    Row(
      intent: .education, weight: 1,
      entries: "theory, works, course, mean, school, term, who, when did, invented"),

    Row(
      intent: .writing, weight: 5,
      entries: """
        cover letter, press release, blog post, short story, product description, proofread, screenplay, \
        paraphrase, rephrase
        """),
    Row(
      intent: .writing, weight: 4,
      entries: """
        essay, poem, story, lyrics, haiku, limerick, sonnet, slogan, tagline, draft, rewrite, email, speech, \
        novel, newsletter
        """),
    Row(
      intent: .writing, weight: 3,
      entries: "blog, letter, song, headline, caption, tweet, compose, dialogue, invitation, reword, toast"),
    Row(
      intent: .writing, weight: 2,
      entries: """
        write, article, paragraph, creative, tone, character, resume, fairy, biography, bio, grammar, polish, \
        formal, persuasive, edit, thank you, linkedin, word a, complaint, ad copy, monologue, scene
        """),
    Row(intent: .writing, weight: 1, entries: "post, marketing, description, style, copy, words about"),

    Row(intent: .translation, weight: 6, entries: "translate, translating"),
    Row(intent: .translation, weight: 5, entries: "translation, translator, localize, localise, you say"),

    Row(
      intent: .summarization, weight: 6,
      entries: "summarize, summarise, summary, summarizing, tldr, tl dr, synopsis, sum up"),
    Row(
      intent: .summarization, weight: 5,
      entries: "condense, key points, main points, key takeaways, main ideas, main takeaways, boil down, gist"
    ),
    Row(
      intent: .summarization, weight: 4,
      entries: "shorten, recap, takeaways, highlights, executive summary, shorter"),
    Row(
      intent: .summarization, weight: 2,
      entries: "bullet points, bullets, digest, abstract, in short, overview, meeting notes, transcript"),

    Row(intent: .analysis, weight: 5, entries: "analyze, analyse, swot, pros and, root cause, trade offs"),
    Row(
      intent: .analysis, weight: 4,
      entries: """
        analysis, compare, comparison, evaluate, assess, critique, sentiment, tradeoffs, examine, interpret
        """),
    Row(
      intent: .analysis, weight: 3,
      entries: """
        assessment, trends, dataset, statistical, correlation, insights, risks, forecast, implications, \
        investigate, classify, weaknesses, anomalies, outliers, versus, regression, diagnose
        """),
    Row(
      intent: .analysis, weight: 2,
      entries: """
        data, statistics, trend, insight, risk, impact, review, metrics, revenue, strengths, financial, \
        should we, quarterly, churn, survey, patterns, hypothesis, analyzing, analysing, conclusions, factors
        """),
    // Small talk, which has words of the others in it.
    Row(intent: .general, weight: 4, entries: "are you, hello, thanks, joke, weather"),
    Row(intent: .analysis, weight: 1, entries: "market, sales, feedback, report, competitors, spreadsheet"),
  ]

  /// A language's name hints at translation; as a target ("into French") it nearly settles it.
  private static let languageNames: [Row] = {
    let names = [
      "french", "spanish", "german", "italian", "japanese", "chinese", "mandarin", "korean", "portuguese",
      "russian", "arabic", "hindi", "dutch", "turkish", "swedish", "greek", "hebrew", "ukrainian", "polish",
      "vietnamese", "english",
    ]
    func row(_ weight: UInt8, _ entry: (String) -> String) -> Row {
      Row(intent: .translation, weight: weight, entries: names.map(entry).joined(separator: ","))
    }
    // "Polish" and "English" alone are more often a verb and a school subject.
    let hints = names.filter { $0 != "polish" && $0 != "english" }.joined(separator: ",")
    return [
      Row(intent: .translation, weight: 2, entries: hints), row(4) { "into \($0)" }, row(3) { "to \($0)" },
      row(4) { "in \($0)" }, row(2) { "from \($0)" },
    ]
  }()
}
