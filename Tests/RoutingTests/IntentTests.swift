import Testing

@testable import Routing

@Suite("Intent")
struct IntentTests {
  /// Prompts as people write them, with what a person says they are about.
  static let labelled: [(Intent, [String])] = [
    (
      .codeGeneration,
      [
        "Write a Python function that checks whether a string is a palindrome.",
        "How do I reverse a linked list in Java?",
        "fix this bug: TypeError: undefined is not a function",
        "Implement a rate limiter in Go using a token bucket",
        "Create a REST API endpoint with FastAPI that returns the current time",
        "Give me a regex that matches email addresses",
        "Why does this code crash?\n```c\nint *p = NULL; *p = 3;\n```",
        "SQL query to find the second highest salary",
        "Refactor this class so that it is easier to test",
        "Generate unit tests for the following module",
        "write code to sort a list of dictionaries by key",
        "Convert this JavaScript to TypeScript",
        "Build me a React component with a search box",
        "I need a bash script which renames all files in a folder",
        "Debug: segfault when I call free twice",
        "code a snake game in pygame",
        "Make a todo app in Vue with local storage",
        "What does this stack trace mean: java.lang.NullPointerException at Foo.bar",
        "Optimize this SQL statement: SELECT * FROM orders",
        "how to center a div",
        "Write a Dockerfile for a Node server",
        "I get 'cannot borrow as mutable' in Rust, what now?",
        "Add type hints to this file",
        "Port this C++ class to Swift",
      ]
    ),
    (
      .education,
      [
        "What is photosynthesis?", "Explain quantum entanglement to a ten year old",
        "How does a diesel engine work?", "Teach me the basics of music theory",
        "Why is the sky blue?", "What are the main causes of the First World War?",
        "Help me understand the Pythagorean theorem", "What's the difference between mitosis and meiosis?",
        "Explain the concept of supply and demand", "I have an exam on organic chemistry tomorrow, quiz me",
        "How do vaccines work?", "Define entropy", "Can you explain how black holes form?",
        "Solve this equation step by step: 3x + 5 = 20",
        "who invented the telephone",
        "How far is the moon from the earth and why does it not fall down?",
        "Explain the French Revolution in simple words",
        "What is a derivative in calculus?",
        "I don't get fractions, can you walk me through them?",
        "What's the capital of Australia?",
        "Give me a lesson on the Roman empire",
      ]
    ),
    (
      .writing,
      [
        "Write a short story about a lonely lighthouse keeper", "Compose a haiku about autumn rain",
        "Draft an email to my boss asking for a day off", "Write a blog post about the benefits of walking",
        "Help me write a cover letter for a marketing job", "Write me a poem for my grandmother's birthday",
        "Come up with a catchy slogan for a bakery", "Rewrite this paragraph so it sounds more formal",
        "Write a product description for a wooden toy train", "I need a wedding toast for my brother",
        "Write an essay on the impact of social media on teenagers", "Create song lyrics about leaving home",
        "Proofread this letter: Dear Sir, I is writing to you",
        "Write a birthday message for my friend Anna",
        "Help me word a complaint to my landlord",
        "Improve the tone of this mail: I want my money back now",
        "a limerick about a cat, please",
        "Write a LinkedIn post announcing my new job",
        "Continue this story: It was a dark night",
      ]
    ),
    (
      .translation,
      [
        "Translate this sentence into French: The cat is on the table.",
        "How do you say thank you in Japanese?",
        "Translate to Spanish: Good morning, how are you?", "What is the German translation of 'butterfly'?",
        "Please translate the following email from English to Italian.",
        "Put this text into Portuguese: hello",
        "translate 'bonjour tout le monde'", "Can you translate this contract to Korean for me?",
        "The meeting is on Monday at ten. Give me that in Russian.",
        "Localize these strings for Swedish users",
        "How would this read in Polish?",
        "Turn this into German please: I am hungry",
        "What does 'Schadenfreude' mean in English?",
      ]
    ),
    (
      .summarization,
      [
        "Summarize the following article:", "Give me a summary of War and Peace", "tl;dr",
        "Can you condense this text to three sentences?", "What are the key points of this report?",
        "Sum up the discussion below", "Summarise this meeting transcript in bullet points",
        "Shorten this text to 100 words", "List the main takeaways from the chapter",
        "Please recap what was decided in this thread", "Give me the gist of this paper",
        "Summarise in two lines",
        "Make this shorter",
        "What is this article about in one paragraph? Summary please",
        "Give a brief overview of the attached minutes",
      ]
    ),
    (
      .analysis,
      [
        "Analyze the sales data and find trends", "Compare the pros and cons of electric and petrol cars",
        "Perform a SWOT analysis of Tesla", "What is the sentiment of this review: 'The food was cold.'",
        "Evaluate the risks of this investment", "Identify patterns in this dataset",
        "Assess the impact of the new tax on small companies", "Find the root cause of our falling retention",
        "Interpret these survey results", "Critique this business plan",
        "Compare PostgreSQL and MySQL in terms of performance",
        "Which of these two phones is better and why? Compare them",
        "What are the strengths and weaknesses of this argument?",
        "Look at these numbers and tell me what stands out: revenue 10, 12, 8",
        "Is this a good investment? Evaluate it",
        "Do a cost benefit analysis of remote work",
      ]
    ),
    (
      .general,
      [
        "Hello!", "hi there, how are you today", "Tell me a joke", "Recommend a restaurant in Lisbon",
        "What should I cook tonight?", "ok thanks", "Good morning", "42", "yes", "",
        "Name three colours", "I feel sad today",
        "What's the weather like?",
        "Let's play a game",
        "Who are you?",
        "Can you help me?",
        "Give me three ideas for a weekend trip",
      ]
    ),
  ]

  @Test("at least 85 of 100 labelled prompts are taken for what they are")
  func accuracy() {
    var right = 0
    var wrong: [String] = []
    for (intent, prompts) in Self.labelled {
      for prompt in prompts {
        let found = Intent.detect(in: prompt)
        if found == intent { right += 1 } else { wrong.append("\(prompt) → \(found.rawValue)") }
      }
    }
    let total = Self.labelled.map(\.1.count).reduce(0, +)
    #expect(total >= 120)
    #expect(right * 100 >= total * 85, "\(right) of \(total); wrong: \(wrong.joined(separator: "\n"))")
  }

  @Test("no entry of the lexicon is there twice, and no two have the same hash")
  func lexiconIsUnique() {
    let words = IntentLexicon.rows.flatMap(\.words)
    let repeated = Dictionary(grouping: words, by: \.self).filter { $0.value.count > 1 }.keys.sorted()
    #expect(repeated == [])
    #expect(Set(words.map { WordHash(of: $0).value }).count == Set(words).count)
    #expect(words.allSatisfy { $0 == $0.lowercased() && !$0.isEmpty })
  }

  @Test("what is asked at the start or the end outweighs a pasted article")
  func pastedText() {
    let article = String(
      repeating: "The python is a snake; students of its history compare data on it and write code. ",
      count: 200)
    #expect(Intent.detect(in: "Summarize this article:\n" + article) == .summarization)
    #expect(Intent.detect(in: article + "\nPlease translate the above into French.") == .translation)
  }

  @Test("only the first 4 kB and the last 1 kB are read")
  func readsTheEnds() {
    let filler = String(repeating: "lorem ipsum ", count: 500)
    #expect(Intent.detect(in: filler + " translate summarize " + filler) == .general)
  }

  @Test(
    "any bytes are taken",
    arguments: [[], [0], [0xff, 0xfe, 0x80], Array(repeating: 0x61, count: 100_000), Array(0...255)]
      as [[UInt8]])
  func anyBytes(bytes: [UInt8]) {
    #expect(Intent.detect(in: bytes.span) == .general)
  }

  @Test("case and line breaks make no difference")
  func caseAndBreaks() {
    #expect(Intent.detect(in: "TRANSLATE\nTHIS\r\nINTO\tFRENCH") == .translation)
  }

  @Test(
    "an intent is known by its name, and code by its short one",
    arguments: [
      ("code_generation", .codeGeneration), ("code", .codeGeneration), ("Code", .codeGeneration),
      ("analysis", .analysis), ("general", .general), ("maths", nil), ("", nil), ("codes", nil),
    ] as [(String, Intent?)])
  func names(name: String, expected: Intent?) {
    #expect(Intent(name: name) == expected)
  }

  @Test("specialties that name no intent are passed over")
  func specialties() {
    let set = IntentSet(specialties: ["code", "long-context", "writing", ""])
    #expect(set == [IntentSet(.codeGeneration), IntentSet(.writing)])
  }
}
