#pragma once
// One level of one JSON text at a time: an object into its members, an array into its elements. Scalars are checked,
// numbers stay text (money never passes through binary floating point), nested objects and arrays are handed on as
// text to be read by another reader. What is nested inside a member that nobody reads is not checked beyond its
// brackets being as many as they should.

#include <memory>
#include <span>
#include <string_view>

#include "domain/result.h"
#include "projectx/wire/padded.h"

namespace rm::projectx {

enum class JsonKind { Null, Bool, Number, String, Object, Array };

struct JsonValue {
  JsonKind kind{};
  // Bool: "true" or "false"; Number: as written; String: content, escapes resolved; Object, Array: with brackets, and
  // padded.
  std::string_view text;
  [[nodiscard]] PaddedSpan nested() const { return {text.data(), text.size()}; }
};

struct JsonMember {
  std::string_view name;
  JsonValue value;
};

// Allocates when a text is larger than all before it, else not. Not for several threads.
class JsonReader {
 public:
  JsonReader();
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // Both results, and the text they point to, are valid until the next call on this reader and as long as `json`
  // lives. Errors: Malformed (no object or array, bad syntax, bad UTF-8, trailing garbage), OutOfRange (more than
  // 4096 members).
  [[nodiscard]] Result<std::span<const JsonMember>> members(PaddedSpan json);
  [[nodiscard]] Result<std::span<const JsonValue>> elements(PaddedSpan json);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm::projectx
