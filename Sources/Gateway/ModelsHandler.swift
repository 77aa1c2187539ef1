internal import Configuration
internal import GatewayTypes
internal import HTTP
internal import JSON

/// `GET /v1/models` and `/v1/models/{id}`, in OpenAI's form: what may be asked for as `model`.
struct ModelsHandler {
  let snapshot: GatewaySnapshot

  private struct Model {
    let id: String
    let owner: String
  }

  /// `auto`, the models, the aliases and the provider ids, each once; only what the key may ask for.
  private func models(for client: AccessControl.Client?) -> [Model] {
    var models = [Model(id: "auto", owner: "tollgate")]
    var seen: Set = ["auto"]
    func add(_ id: String, owner: String) {
      guard seen.insert(id).inserted else { return }
      models.append(Model(id: id, owner: owner))
    }
    for provider in snapshot.providers where provider.isEnabled {
      add(provider.configuration.model, owner: provider.configuration.name)
      add(provider.id.text, owner: provider.configuration.name)
    }
    for alias in snapshot.configuration.aliases.keys.sorted() { add(alias, owner: "tollgate") }
    guard let allowed = client?.configuration.models, !allowed.contains("*") else { return models }
    return models.filter { allowed.contains($0.id) || $0.id == "auto" }
  }

  func list(for client: AccessControl.Client?) -> Response {
    var writer = JSONWriter(reserveCapacity: 2_048)
    writer.beginObject()
    writer.member("object", "list" as StaticString)
    writer.key("data")
    writer.beginArray()
    for model in models(for: client) { write(model, to: &writer) }
    writer.endArray()
    writer.endObject()
    return .json(status: 200, writer.bytes)
  }

  func one(_ id: String, for client: AccessControl.Client?) throws(APIError) -> Response {
    guard let model = models(for: client).first(where: { $0.id == id }) else {
      throw APIError(
        404, .invalidRequest, code: "model_not_found",
        message: "There is no model '\(id)'; GET /v1/models lists what may be asked for.", param: "model")
    }
    var writer = JSONWriter()
    write(model, to: &writer)
    return .json(status: 200, writer.bytes)
  }

  private func write(_ model: Model, to writer: inout JSONWriter) {
    writer.beginObject()
    writer.member("id", model.id)
    writer.member("object", "model" as StaticString)
    // When a model was made is the vendor's to know; clients want a number.
    writer.member("created", 0)
    writer.member("owned_by", model.owner)
    writer.endObject()
  }
}
