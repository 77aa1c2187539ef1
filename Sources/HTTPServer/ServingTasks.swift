internal import Reactor

/// The tasks that serve one loop's connections: as many as there are requests at work, not connections.
///
/// A task keeps the memory of the deepest `async` call it ever made until it ends, some 17 kB for a request
/// that went to a provider. So a connection has a task only while it has something to do, and a task that
/// is done with one connection takes the next. Touched on the loop only.
final class ServingTasks {
  private let loop: EventLoop
  private var idle: [ServingTask] = []
  private var isEnding = false

  /// Tasks kept for the next request: above the concurrency that a loop has on most days, so that a task
  /// is seldom made, and still less than 5 MB.
  private static let maxIdle = 256

  init(loop: EventLoop) {
    self.loop = loop
  }

  /// Has a task serve `connection` until that is idle or closed.
  func serve(_ connection: Connection) {
    if let task = idle.popLast() { return task.take(connection) }
    // Safe: the task runs on the loop that everything here belongs to, by its executor preference.
    nonisolated(unsafe) let task = ServingTask()
    nonisolated(unsafe) let tasks = self
    task.take(connection)
    Task(executorPreference: loop) { await tasks.run(task) }
  }

  private func run(_ task: ServingTask) async {
    while let connection = await task.next() {
      await connection.serve()
      guard !isEnding, idle.count < Self.maxIdle else { return }
      idle.append(task)
    }
  }

  /// Ends the tasks that have nothing to do, and the others when they are done.
  func end() {
    isEnding = true
    for task in idle { task.take(nil) }
    idle = []
  }
}

/// One task, waiting for a connection to serve.
private final class ServingTask {
  private var connection: Connection?
  private var waiter: UnsafeContinuation<Void, Never>?

  /// Hands over the connection to serve; nil ends the task.
  func take(_ connection: Connection?) {
    self.connection = connection
    let waiting = waiter
    waiter = nil
    waiting?.resume()
  }

  /// The connection to serve, once there is one; nil at the end. The task holds it no longer than it serves it.
  func next() async -> Connection? {
    if connection == nil { await withUnsafeContinuation { waiter = $0 } }
    return connection.take()
  }
}
