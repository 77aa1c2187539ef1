internal import CLinux
internal import Glibc

/// What a descriptor can be ready for, and what one can ask to be told.
package struct PollEvents: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let readable = PollEvents(rawValue: 0x001)
  package static let writable = PollEvents(rawValue: 0x004)
  /// Always reported.
  package static let error = PollEvents(rawValue: 0x008)
  /// Both directions are closed. Always reported.
  package static let hangUp = PollEvents(rawValue: 0x010)
  /// The peer will send no more.
  package static let peerClosed = PollEvents(rawValue: 0x2000)
  /// Report a change once, not a state again and again.
  package static let edgeTriggered = PollEvents(rawValue: 1 << 31)

  /// Whether any of `events` is among these. An array literal and the set algebra of the standard library
  /// cost some thousand instructions an event here.
  package func hasAny(of events: PollEvents) -> Bool { rawValue & events.rawValue != 0 }

  /// The connection is over, in part or whole.
  package static let ended = PollEvents(rawValue: 0x2018)
  /// A read will bring bytes, or the end.
  package static let worthReading = PollEvents(rawValue: 0x2011)
}

/// Is told when a descriptor it registered is ready. Called on the loop.
package protocol PollHandler: AnyObject {
  func handle(_ events: PollEvents)
}

/// One epoll descriptor and who is to be told of what: epoll(7).
///
/// An event carries the descriptor and a generation, so one that was fetched before its descriptor was
/// closed and its number used again is recognised and dropped.
struct Poller: ~Copyable {
  private struct Registration {
    var handler: (any PollHandler)?
    var generation: UInt32 = 0
  }

  private let epoll: FileDescriptor
  private var registrations: [Registration] = []
  private let batch: UnsafeMutableBufferPointer<epoll_event>

  /// Events fetched in one call; 256 of 12 bytes fill less than a page.
  private static let batchSize = 256

  init() throws(SystemError) {
    let number = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard number >= 0 else { throw SystemError("epoll_create1") }
    epoll = FileDescriptor(owning: number)
    batch = .allocate(capacity: Self.batchSize)
  }

  deinit {
    batch.deallocate()
  }

  /// One that is still registered has been closed without `remove`, and its number used again: epoll has
  /// forgotten it, or refuses the new one.
  mutating func add(_ descriptor: Int32, for events: PollEvents, handler: any PollHandler) throws(SystemError)
  {
    let index = Int(descriptor)
    while registrations.count <= index { registrations.append(Registration()) }
    if registrations[index].handler != nil { registrations[index].generation &+= 1 }
    let token = UInt64(registrations[index].generation) << 32 | UInt64(UInt32(descriptor))
    guard clinux_epoll_control(epoll.number, EPOLL_CTL_ADD, descriptor, events.rawValue, token) == 0 else {
      throw SystemError("epoll_ctl")
    }
    registrations[index].handler = handler
  }

  func change(_ descriptor: Int32, to events: PollEvents) throws(SystemError) {
    let token = UInt64(registrations[Int(descriptor)].generation) << 32 | UInt64(UInt32(descriptor))
    guard clinux_epoll_control(epoll.number, EPOLL_CTL_MOD, descriptor, events.rawValue, token) == 0 else {
      throw SystemError("epoll_ctl")
    }
  }

  /// Forgets a descriptor, which must still be open. Harmless when it was never added.
  mutating func remove(_ descriptor: Int32) {
    let index = Int(descriptor)
    guard index < registrations.count, registrations[index].handler != nil else { return }
    _ = clinux_epoll_control(epoll.number, EPOLL_CTL_DEL, descriptor, 0, 0)
    registrations[index].handler = nil
    registrations[index].generation &+= 1
  }

  /// Fetches what is ready, and waits until something is where it `waits`. Returns the number of events in the
  /// batch.
  func fetch(waits: Bool) -> Int {
    let timeout: Int32 = waits ? -1 : 0
    return retryingOnInterrupt {
      Int(epoll_wait(epoll.number, batch.baseAddress, Int32(Self.batchSize), timeout))
    }
  }

  /// The handler and events of the batch's event at `index`; nil when its descriptor was removed since.
  func event(at index: Int) -> (handler: any PollHandler, events: PollEvents)? {
    let event = batch[index]
    let registration = registrations[Int(UInt32(truncatingIfNeeded: event.data.u64))]
    guard registration.generation == UInt32(truncatingIfNeeded: event.data.u64 >> 32),
      let handler = registration.handler
    else { return nil }
    return (handler, PollEvents(rawValue: event.events))
  }
}
