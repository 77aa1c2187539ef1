/// A name and the names it stands for, such as `fast: [groq, openai]`, with the places of all.
struct NameList {
  let name: String
  let mark: YAMLMark
  let targets: [Scalar]
}

extension SectionReader {
  /// Reads the mapping of names to lists below `key`.
  mutating func nameLists(_ key: String) -> [NameList] {
    section(key) { section in
      section.allEntries().map { entry in
        let targets = section.texts(entry.value, label: section.label(entry.key))
        if targets?.isEmpty ?? entry.value.isNull {
          section.report(
            "\(section.label(entry.key)) names no provider; write [one, two] or remove it", at: entry.keyMark)
        }
        return NameList(name: entry.key, mark: entry.keyMark, targets: targets ?? [])
      }
    } ?? []
  }
}
