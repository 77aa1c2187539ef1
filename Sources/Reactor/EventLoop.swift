internal import CLinux
internal import Dispatch
package import GatewayTypes
internal import Glibc

/// One loop: a serial Dispatch queue whose one block waits on an epoll descriptor that holds every socket of
/// the loop, the server's and libcurl's, a timerfd, and an eventfd for what comes from other threads.
///
/// A Dispatch source on the epoll descriptor would free the thread between events; every event would then
/// pass through Dispatch's manager thread and wake a worker. That is no matter under load, but costs a
/// request that comes alone 30 to 50 µs twice, once when it arrives and once when the provider answers.
///
/// It is a task executor, so a connection is one task written as straight `async` code, and an `await`
/// on a socket resumes on the same thread without a hop. Everything registered with a loop belongs to
/// it and is touched on it alone.
///
/// A turn is: take what epoll has ready, call the handlers, run the jobs they made ready, and then, when
/// nothing is left to run, tell the `TurnEndHandler`s: that is where work of many requests is done at
/// once, such as one write for all ledger lines of the turn.
package final class EventLoop: TaskExecutor, @unchecked Sendable {
  // @unchecked: all state below is touched only by `run`, the one block on `queue`; what may be called from
  // other threads (`enqueue`, `execute`) goes through the inbox.

  /// Position among the loops of a group, from 0.
  package let index: Int
  private let queue: DispatchQueue
  private let inbox: LoopInbox
  private var poller: Poller
  private var timers = TimerQueue()
  private let timerDescriptor: FileDescriptor
  /// What the timerfd is set to.
  private var armedDeadline = MonotonicTime.distantFuture
  private var readyJobs: [UnownedJob] = []
  private var turnEndHandlers: [any TurnEndHandler] = []
  private var nextTurn: [() -> Void] = []
  private var isRunning = true

  package init(index: Int = 0) throws(SystemError) {
    self.index = index
    queue = DispatchQueue(label: "tollgate.loop.\(index)", qos: .userInteractive)
    poller = try Poller()
    let timer = clinux_timer_create()
    guard timer >= 0 else { throw SystemError("timerfd_create") }
    timerDescriptor = FileDescriptor(owning: timer)
    inbox = try LoopInbox()
    try poller.add(timer, for: .readable, handler: CounterWake(descriptor: timer))
    try poller.add(inbox.descriptor, for: .readable, handler: CounterWake(descriptor: inbox.descriptor))
    // The loop lives until `stop` ends this block.
    queue.async { [self] in run() }
  }

  /// Ends the loop: nothing registered is told of anything any more. Call on the loop.
  package func stop() {
    preconditionOnLoop()
    isRunning = false
    turnEndHandlers = []
    nextTurn = []
  }

  // MARK: Running code on the loop

  /// Whether the caller runs on this loop.
  package var isCurrent: Bool {
    clinux_current_loop() == Unmanaged.passUnretained(self).toOpaque()
  }

  /// Traps when called from elsewhere than the loop.
  package func preconditionOnLoop() {
    precondition(isCurrent, "state of a loop is touched on that loop only")
  }

  /// Runs `body` on the loop, soon. From any thread.
  package func execute(_ body: @escaping @Sendable () -> Void) {
    inbox.add(body)
  }

  /// Runs `body` in the next turn, behind whatever has become ready by then. On the loop. For work that always
  /// finds more to do, lest it keep the loop from everybody else.
  package func postpone(_ body: @escaping () -> Void) {
    preconditionOnLoop()
    nextTurn.append(body)
  }

  /// Part of `TaskExecutor`: runs a piece of a task. From any thread.
  package func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    if isCurrent {
      readyJobs.append(job)
    } else {
      inbox.add(job)
    }
  }

  /// Turn after turn, until the loop is stopped.
  private func run() {
    clinux_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
    while isRunning {
      let count = poller.fetch(waits: nextTurn.isEmpty)
      for index in 0..<count {
        guard let event = poller.event(at: index) else { continue }
        event.handler.handle(event.events)
      }
      takeInbox()
      fireDueTimers()
      runPostponed()
      runReadyJobs()
      armTimer()
    }
    clinux_set_current_loop(nil)
  }

  private func runPostponed() {
    guard !nextTurn.isEmpty else { return }
    let postponed = nextTurn
    nextTurn = []
    for body in postponed { body() }
  }

  private func takeInbox() {
    guard let new = inbox.take() else { return }
    readyJobs += new.jobs
    // These may make jobs ready themselves.
    for body in new.bodies { body() }
  }

  private func runReadyJobs() {
    let executor = asUnownedTaskExecutor()
    repeat {
      var index = 0
      while index < readyJobs.count {
        readyJobs[index].runSynchronously(on: executor)
        index += 1
      }
      readyJobs.removeAll(keepingCapacity: true)
      for handler in turnEndHandlers { handler.turnEnded() }
    } while !readyJobs.isEmpty
  }

  /// Has `handler` told at the end of every turn. On the loop.
  package func addTurnEndHandler(_ handler: any TurnEndHandler) {
    preconditionOnLoop()
    turnEndHandlers.append(handler)
  }

  // MARK: Descriptors

  /// Has `handler` told when `descriptor` is ready for any of `events`. On the loop.
  package func register(
    _ descriptor: Int32, for events: PollEvents, handler: any PollHandler
  ) throws(SystemError) {
    preconditionOnLoop()
    try poller.add(descriptor, for: events, handler: handler)
  }

  /// Changes what a registered descriptor is watched for. On the loop.
  package func change(_ descriptor: Int32, to events: PollEvents) throws(SystemError) {
    preconditionOnLoop()
    try poller.change(descriptor, to: events)
  }

  /// Forgets a descriptor; to be called before it is closed. On the loop.
  package func deregister(_ descriptor: Int32) {
    preconditionOnLoop()
    poller.remove(descriptor)
  }

  // MARK: Timers

  /// Sets when `timer` fires; `distantFuture` unsets it. On the loop.
  package func set(_ timer: LoopTimer, to deadline: MonotonicTime) {
    preconditionOnLoop()
    timers.set(timer, to: deadline)
  }

  /// Lets go of a timer and its handler. On the loop.
  package func discard(_ timer: LoopTimer) {
    preconditionOnLoop()
    timers.discard(timer)
  }

  private func fireDueTimers() {
    guard timers.nextDeadline < .distantFuture, timers.nextDeadline <= .now() else { return }
    for handler in timers.takeDue(now: .now()) { handler() }
  }

  /// Sets the timerfd when the next deadline is earlier than what it stands at; a later one waits for
  /// the wake that is already on its way.
  private func armTimer() {
    if armedDeadline <= .now() { armedDeadline = .distantFuture }
    let next = timers.nextDeadline
    guard next < armedDeadline else { return }
    armedDeadline = next
    // A time of zero would unset the timer.
    _ = clinux_timer_set(timerDescriptor.number, max(1, next.nanoseconds))
  }
}

/// Is told when a loop has run everything there was to run. Called on the loop; it may make more ready.
package protocol TurnEndHandler: AnyObject {
  func turnEnded()
}

/// Empties a timerfd or an eventfd, so that epoll reports it once a wake; the loop looks at its timers and
/// its inbox every turn.
private final class CounterWake: PollHandler {
  private let descriptor: Int32

  init(descriptor: Int32) {
    self.descriptor = descriptor
  }

  func handle(_ events: PollEvents) {
    var count: UInt64 = 0
    _ = read(descriptor, &count, 8)
  }
}
