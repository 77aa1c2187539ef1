/// A key or another text that must never be printed.
///
/// Its description, its debug description and its dump say only that there is one, so a whole
/// configuration can be logged without giving anything away.
package struct Secret: Hashable, Sendable {
  /// The secret itself: for the request that needs it, and for nothing else.
  package let text: String

  package init(_ text: String) {
    self.text = text
  }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "<secret>" }
  package var debugDescription: String { "<secret>" }
  package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
