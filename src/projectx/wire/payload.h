#pragma once
// The shapes in which entities have been seen in hub arguments: {action, data}, the bare entity, arrays of either,
// null elements.

#include <array>
#include <cstdint>

#include "projectx/wire/entities.h"
#include "projectx/wire/function_ref.h"

namespace rm::projectx {

class PayloadReader {
 public:
  // Takes one entity; what it returns as an error is counted by whoever gave the function. Not called for null
  // elements.
  using OnEntity = FunctionRef<void(const Result<Members>&)>;

  // Every entity in a user hub invocation's arguments (JSON array). A broken one is handed on as an error, those
  // after it are still read. Arrays nested deeper than four are an error.
  void for_each(PaddedSpan arguments, OnEntity on_entity);

  // Market hub: [contract id, payload]. The payload goes through the same shapes.
  // Errors: Malformed when the arguments are not these two.
  [[nodiscard]] Result<void> for_each_of_contract(PaddedSpan arguments, std::string_view& contract,
                                                  OnEntity on_entity);

 private:
  static constexpr std::size_t kDepth = 4;
  void visit(const JsonValue& value, std::size_t depth, OnEntity on_entity);

  JsonReader arguments_;
  std::array<JsonReader, kDepth> levels_;
};

}  // namespace rm::projectx
