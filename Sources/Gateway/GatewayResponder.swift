internal import Accounting
internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import HTTPServer
internal import Reactor

/// Answers the requests of one loop: origin, path, key, then the handler.
final class GatewayResponder: RequestResponder {
  private let state: GatewayState
  private let generate: GenerateHandler
  private var identity = RequestIdentity()

  init(state: GatewayState, loop: EventLoop, upstream: Upstream) {
    self.state = state
    let always = state.snapshot.configuration.ledger.fsync == .always
    generate = GenerateHandler(
      state: state, dispatcher: Dispatcher(loop: loop, upstream: upstream, identity: RequestIdentity()),
      ledger: LedgerBatch(log: state.log, loop: loop, synchronizesAlways: always), loopIndex: loop.index)
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
    case .found(let route): return try await answer(request, route: route, id: id, writer: writer)
    case .notFound: throw Self.notFound
    case .methodNotAllowed(let methods):
      var error = APIError(
        405, .invalidRequest, code: "method_not_allowed",
        message: "This path has no such method; use \(methods.map { "\($0.name)" }.joined(separator: ", ")).")
      error.allowedMethods = methods
      throw error
    }
  }

  private func answer(
    _ request: ServerRequest, route: Route, id: String, writer: ResponseWriter
  ) async throws(APIError) -> Response {
    let now = request.receivedAt
    switch route {
    case .health: return HealthHandler(state: state).health(now: now)
    case .healthLive: return HealthHandler(state: state).live(now: now)
    case .healthReady: return HealthHandler(state: state).ready(now: now)
    case .page(let path):
      guard let page = state.pages.response(path: path, ifNoneMatch: request.header("if-none-match")) else {
        throw Self.notFound
      }
      return page
    case .generate:
      let client = try state.snapshot.access.client(of: request)
      return try await generate.respond(to: request, id: id, client: client, writer: writer)
    case .stats:
      _ = try state.snapshot.access.client(of: request)
      var body: [UInt8] = []
      state.totals.snapshot(now: now).appendJSON(to: &body)
      return .json(status: 200, body)
    case .providers:
      _ = try state.snapshot.access.client(of: request)
      return ProvidersHandler(state: state).response(now: now, wallClock: .now())
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
