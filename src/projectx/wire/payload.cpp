#include "projectx/wire/payload.h"

#include "projectx/wire/fields.h"

namespace rm::projectx {

void PayloadReader::visit(const JsonValue& value, std::size_t depth, OnEntity on_entity) {
  if (value.kind == JsonKind::Null) return;
  if (depth == kDepth) return on_entity(fail(ErrorCode::Malformed, "entities are nested too deep"));
  if (value.kind == JsonKind::Array) {
    const auto elements = levels_[depth].elements(value.nested());
    if (!elements) return on_entity(std::unexpected{elements.error()});
    for (const JsonValue& element : *elements) visit(element, depth + 1, on_entity);
    return;
  }
  if (value.kind != JsonKind::Object) return on_entity(fail(ErrorCode::Malformed, "an entity is not an object"));
  const auto members = levels_[depth].members(value.nested());
  if (!members) return on_entity(std::unexpected{members.error()});
  // No entity has a member "data" of its own, so an object or array of that name is an envelope's content.
  const JsonValue* data = Fields{*members, "envelope"}.find("data");
  if (data != nullptr && (data->kind == JsonKind::Object || data->kind == JsonKind::Array))
    return visit(*data, depth + 1, on_entity);
  on_entity(*members);
}

void PayloadReader::for_each(PaddedSpan arguments, OnEntity on_entity) {
  const auto elements = arguments_.elements(arguments);
  if (!elements) return on_entity(std::unexpected{elements.error()});
  for (const JsonValue& element : *elements) visit(element, 0, on_entity);
}

Result<void> PayloadReader::for_each_of_contract(PaddedSpan arguments, std::string_view& contract,
                                                 OnEntity on_entity) {
  const auto elements = arguments_.elements(arguments);
  if (!elements) return std::unexpected{elements.error()};
  if (elements->size() < 2 || (*elements)[0].kind != JsonKind::String)
    return fail(ErrorCode::Malformed, "the arguments are not a contract and a payload");
  contract = (*elements)[0].text;
  for (const JsonValue& payload : elements->subspan(1)) visit(payload, 0, on_entity);
  return {};
}

}  // namespace rm::projectx
