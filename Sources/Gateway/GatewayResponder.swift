internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Reactor

/// Answers the requests of one loop: origin, path, key, then the handler.
final class GatewayResponder: RequestResponder {
  private let state: GatewayState
  private let chat: ChatHandler
  private let operations: OperatorHandler
  private var identity = RequestIdentity()

  init(state: GatewayState, loop: EventLoop, upstream: Upstream) {
    self.state = state
    let always = state.snapshot.configuration.ledger.fsync == .always
    let ledger = LedgerBatch(log: state.log, loop: loop, synchronizesAlways: always)
    chat = ChatHandler(
      state: state, dispatcher: Dispatcher(loop: loop, upstream: upstream, identity: RequestIdentity()),
      ledger: ledger, loopIndex: loop.index)
    operations = OperatorHandler(state: state, ledger: ledger)
  }

  func respond(to request: ServerRequest, writer: ResponseWriter) async {
    let id = identity.nextID()
    let requestID = RequestIdentity.accepted(request.header("x-request-id")) ?? id
    let origin = state.snapshot.origins.verdict(on: request)
    var response: Response
    do throws(APIError) {
      if case .refused = origin { throw OriginPolicy.refusal }
      response = try await answer(request, id: id, writer: writer)
    } catch {
      response = error.response(requestID: requestID)
    }
    response.fields.add("x-request-id", requestID)
    if case .allowed(let name) = origin { response.fields.addCrossOrigin(name) }
    await writer.send(response)
  }

  private func answer(
    _ request: ServerRequest, id: String, writer: ResponseWriter
  ) async throws(APIError) -> Response {
    let match = RouteTable.match(request.method, rawTarget: request.rawTarget)
    if request.method == .options { return try preflight(match) }
    switch match {
    case .found(let route, let target):
      let client = try authorize(request, for: route.access)
      return try await answer(request, route: route, target: target, id: id, client: client, writer: writer)
    case .notFound: throw Self.notFound
    case .methodNotAllowed(let methods):
      var error = APIError(
        405, .invalidRequest, code: "method_not_allowed",
        message: "This path has no such method; use \(methods.map { "\($0.name)" }.joined(separator: ", ")).")
      error.allowedMethods = methods
      throw error
    }
  }

  /// The owner of the request's key; nil where none is needed.
  private func authorize(
    _ request: ServerRequest, for access: Route.Access
  ) throws(APIError) -> AccessControl.Client? {
    if case .open = access { return nil }
    guard let client = try state.snapshot.access.client(of: request) else { return nil }
    if case .admin = access, !client.configuration.isAdmin {
      throw APIError(
        403, .invalidRequest, code: "forbidden",
        message: "This path is for keys with 'admin: true'; the key '\(client.configuration.name)' is none.")
    }
    return client
  }

  private func answer(
    _ request: ServerRequest, route: Route, target: Target?, id: String, client: AccessControl.Client?,
    writer: ResponseWriter
  ) async throws(APIError) -> Response {
    let now = request.receivedAt
    switch route {
    case .generate:
      return try await chat.respond(to: request, surface: .generate, id: id, client: client, writer: writer)
    case .chatPrompt:
      return try await chat.respond(to: request, surface: .chat, id: id, client: client, writer: writer)
    case .explain:
      let call = try chat.decode(request, surface: .generate, id: id, client: client)
      return ExplainHandler().response(for: call, now: now)
    case .models: return ModelsHandler(snapshot: state.snapshot).list(for: client)
    case .model(let name): return try ModelsHandler(snapshot: state.snapshot).one(name, for: client)
    case .stats:
      var body: [UInt8] = []
      state.totals.snapshot(now: now).appendJSON(to: &body)
      return .json(status: 200, body)
    case .providers: return ProvidersHandler(state: state).response(now: now, wallClock: .now())
    case .analytics: return AnalyticsHandler(state: state).response(now: now)
    case .metrics: return MetricsHandler(state: state).response(now: now)
    case .requests: return try operations.requests(target)
    case .simulateFailure: return try operations.simulateFailure(request)
    case .reset: return try await operations.reset(request, id: id)
    case .health: return HealthHandler(state: state).health(now: now)
    case .healthLive: return HealthHandler(state: state).live(now: now)
    case .healthReady: return HealthHandler(state: state).ready(now: now)
    case .page(let path):
      let page = state.pages.response(path: path, ifNoneMatch: request.header("if-none-match"))
      guard let page else { throw Self.notFound }
      return page
    }
  }

  /// `OPTIONS`: what a browser asks before it sends a page's request.
  private func preflight(_ match: RouteTable.Match) throws(APIError) -> Response {
    let methods: [Method]
    switch match {
    case .notFound: throw Self.notFound
    case .found: methods = [.options]
    case .methodNotAllowed(let allowed): methods = allowed
    }
    var fields = ResponseFields()
    let names = methods.map { "\($0.name)" }.joined(separator: ", ")
    fields.add("Allow", names)
    fields.add("Access-Control-Allow-Methods", names)
    fields.add(
      "Access-Control-Allow-Headers",
      "authorization, content-type, x-api-key, x-request-id, anthropic-version")
    fields.add("Access-Control-Max-Age", 600)
    return Response(status: 204, fields: fields)
  }

  private static let notFound = APIError(
    404, .invalidRequest, code: "not_found",
    message: "There is nothing at this path; POST /generate asks a model, and / is the dashboard.")

  func response(to error: HTTP.RequestError) -> Response {
    let id = identity.nextID()
    var response = APIError(error).response(requestID: id)
    response.fields.add("x-request-id", id)
    return response
  }
}

extension ResponseFields {
  /// Lets a page of an allowed other origin read the answer.
  fileprivate mutating func addCrossOrigin(_ origin: ArraySlice<UInt8>) {
    add("Access-Control-Allow-Origin", bytes: origin)
    add("Vary", "Origin" as StaticString)
    add(
      "Access-Control-Expose-Headers",
      "x-request-id, x-tollgate-provider, x-tollgate-model, x-tollgate-cost-usd, x-tollgate-attempts, retry-after, server-timing"
    )
  }
}
