internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Providers
internal import Reactor

/// Answers the requests of one loop: origin, path, key, then the handler.
final class GatewayResponder: RequestResponder {
  private let state: GatewayState
  private let chat: ChatHandler
  private let operations: OperatorHandler
  private var identity = RequestIdentity()

  init(state: GatewayState, loop: EventLoop, upstream: Upstream, inFlight: InFlightPartition) {
    self.state = state
    let always = state.snapshot.configuration.ledger.fsync == .always
    let ledger = LedgerBatch(
      log: state.log, decisions: state.decisions, loop: loop, synchronizesAlways: always)
    chat = ChatHandler(
      state: state,
      dispatcher: Dispatcher(
        loop: loop, upstream: upstream, budgets: state.budgets, inFlight: inFlight,
        identity: RequestIdentity()),
      ledger: ledger, inFlight: inFlight, loopIndex: loop.index)
    operations = OperatorHandler(state: state, ledger: ledger)
  }

  func respond(to request: ServerRequest, writer: ResponseWriter) async {
    let id = identity.nextID()
    let exchange = Exchange(
      id: id, requestID: RequestIdentity.accepted(request.header("x-request-id")) ?? id,
      origin: state.snapshot.origins.verdict(on: request), request: request, writer: writer)
    let match = RouteTable.match(request.method, rawTarget: request.rawTarget)
    var response: Response
    do throws(APIError) {
      guard let whole = try await answer(exchange, match) else { return }
      response = whole
    } catch {
      response = error.response(requestID: exchange.requestID, form: match.errorForm)
    }
    exchange.addCommonFields(to: &response.fields)
    await writer.send(response)
  }

  /// Nil when the answer has gone as a stream.
  private func answer(_ exchange: Exchange, _ match: RouteTable.Match) async throws(APIError) -> Response? {
    if case .refused = exchange.origin { throw OriginPolicy.refusal }
    if exchange.request.method == .options { return try preflight(match) }
    switch match {
    case .found(let route, let target):
      let client = try authorize(exchange.request, for: route.access)
      return try await answer(exchange, route: route, target: target, client: client)
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
    _ exchange: Exchange, route: Route, target: Target?, client: AccessControl.Client?
  ) async throws(APIError) -> Response? {
    let request = exchange.request
    let now = request.receivedAt
    switch route {
    case .ask(let surface): return try await chat.respond(to: exchange, surface: surface, client: client)
    case .countTokens: return try chat.countTokens(request)
    case .explain:
      let call = try chat.decode(exchange, surface: .generate, client: client, isForReal: false)
      let left = state.budgets.left(for: call.parties, now: .now())
      return ExplainHandler().response(for: call, budgetLeft: left, now: now, wallClock: .now())
    case .budgets:
      var body: [UInt8] = []
      state.budgets.snapshot(now: .now()).appendJSON(to: &body)
      return .json(status: 200, body)
    case .models: return ModelsHandler(snapshot: state.snapshot).list(for: client)
    case .model(let name): return try ModelsHandler(snapshot: state.snapshot).one(name, for: client)
    case .stats:
      var body: [UInt8] = []
      state.totals.snapshot(now: now).appendJSON(to: &body)
      return .json(status: 200, body)
    case .providers: return ProvidersHandler(state: state).response(now: now, wallClock: .now())
    case .analytics: return AnalyticsHandler(state: state).response(now: now)
    case .usage: return try await UsageHandler(state: state).response(to: target)
    case .metrics: return MetricsHandler(state: state).response(now: now)
    case .requests: return try operations.requests(target)
    case .request(let id): return try await RequestHandler(state: state).response(id: id)
    case .simulateFailure: return try operations.simulateFailure(request)
    case .reset: return try await operations.reset(request, id: exchange.id)
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
    // The star lets a vendor's library send its own fields (`x-stainless-…`, `anthropic-beta`); it does not cover
    // `authorization`, and old browsers do not know it (Fetch Standard, CORS protocol), so names are listed too.
    fields.add(
      "Access-Control-Allow-Headers",
      "authorization, content-type, x-api-key, x-request-id, x-tollgate-tags, anthropic-version, *")
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
