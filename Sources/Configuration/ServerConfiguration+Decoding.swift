extension ServerConfiguration {
  /// Reads the section; what is wrong is reported and keeps its default.
  init(reading section: inout SectionReader) {
    self.init()
    if let written = section.text("host") {
      if HostName.isWellFormed(written.text) {
        host = written.text
      } else {
        section.report(
          "server.host must be an IP address or host name, found \(written.quoted)", at: written.mark)
      }
    }
    port = section.integer("port", in: 0...65_535) ?? port
    workers = ServerConfiguration.workers(&section)
    maxBodyBytes = section.integer("max_body_bytes", in: 1024...1_073_741_824) ?? maxBodyBytes
    corsOrigins = ServerConfiguration.origins(&section) ?? corsOrigins
    drainTimeout = section.duration("drain_timeout", in: .zero ... .seconds(86_400)) ?? drainTimeout
    allowOpen = section.flag("allow_open") ?? allowOpen
  }

  private static func workers(_ section: inout SectionReader) -> Int? {
    guard let written = section.scalar("workers"), written.text != "auto" else { return nil }
    if let count = Int(written.text), (1...256).contains(count) { return count }
    section.report(
      "server.workers must be auto or a whole number from 1 to 256, found \(written.quoted)", at: written.mark
    )
    return nil
  }

  private static func origins(_ section: inout SectionReader) -> [String]? {
    guard let node = section.node("cors_origins"), case .sequence(let elements) = node.content else {
      // Asked again for the message that it must be a list.
      return section.texts("cors_origins")?.map(\.text)
    }
    return elements.compactMap { element in
      // A bare null in the list is what a browser calls the origin of a local file.
      if element.isNull { return "null" }
      guard let origin = section.context.scalar(element, label: "server.cors_origins") else { return nil }
      if isOrigin(origin.text) { return origin.text }
      section.report(
        "server.cors_origins takes 'null', '*' and origins such as https://example.com:8443 without a path, "
          + "found \(origin.quoted)", at: origin.mark)
      return nil
    }
  }

  private static func isOrigin(_ text: String) -> Bool {
    if text == "*" || text == "null" { return true }
    guard text.split(separator: "/", omittingEmptySubsequences: false).count == 3 else { return false }
    return (try? ProviderAddress(text, allowsQuery: false)) != nil
  }
}
