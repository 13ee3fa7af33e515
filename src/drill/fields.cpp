#include "drill/fields.h"

#include <charconv>
#include <nlohmann/json.hpp>

namespace rm::drill {
namespace {

// Hands every value over as it was written; a double would round it.
class Flattener final : public nlohmann::json_sax<nlohmann::json> {
 public:
  explicit Flattener(Fields& out) : out_{out} {}

  bool null() override { return put({}); }
  bool boolean(bool value) override { return put(value ? "true" : "false"); }
  bool number_integer(number_integer_t value) override { return put(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return put(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& written) override { return put(written); }
  bool string(string_t& value) override { return put(value); }
  bool binary(binary_t&) override { return false; }
  bool start_object(std::size_t) override { return open(false); }
  bool end_object() override { return close(); }
  bool start_array(std::size_t) override { return open(true); }
  bool end_array() override { return close(); }
  bool key(string_t& name) override {
    levels_.back().name = name;
    return true;
  }
  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

 private:
  struct Level {
    bool list = false;
    std::size_t next = 0;  // of a list
    std::string name;      // of an object: the member that comes
    std::size_t prefix = 0;
  };

  // The name of the value that comes now.
  void enter() {
    if (levels_.empty()) return;
    Level& level = levels_.back();
    path_.resize(level.prefix);
    if (!path_.empty()) path_ += '.';
    path_ += level.list ? std::to_string(level.next++) : level.name;
  }
  bool put(std::string value) {
    if (levels_.empty()) return false;  // not an object
    enter();
    out_.insert_or_assign(path_, std::move(value));
    return true;
  }
  bool open(bool list) {
    if (levels_.empty() && list) return false;
    enter();
    levels_.push_back({list, 0, {}, path_.size()});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  Fields& out_;
  std::vector<Level> levels_;
  std::string path_;
};

}  // namespace

Fields flatten(std::string_view json) {
  Fields fields;
  Flattener flattener{fields};
  if (!nlohmann::json::sax_parse(json.begin(), json.end(), &flattener)) fields.clear();
  return fields;
}

const std::string& text(const Fields& fields, std::string_view name) {
  static const std::string none;
  const auto found = fields.find(name);
  return found == fields.end() ? none : found->second;
}

std::int64_t number(const Fields& fields, std::string_view name) {
  const std::string& written = text(fields, name);
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), value);
  return error == std::errc{} && end == written.data() + written.size() ? value : 0;
}

std::vector<Fields> elements(const Fields& fields, std::string_view list) {
  std::vector<Fields> found;
  const std::string prefix = std::string{list} + ".";
  for (auto at = fields.lower_bound(prefix); at != fields.end() && at->first.starts_with(prefix); ++at) {
    const std::string_view rest = std::string_view{at->first}.substr(prefix.size());
    const auto dot = rest.find('.');
    std::size_t index = 0;
    std::from_chars(rest.data(), rest.data() + std::min(dot, rest.size()), index);
    if (index >= found.size()) found.resize(index + 1);
    found[index].emplace(dot == std::string_view::npos ? std::string_view{} : rest.substr(dot + 1), at->second);
  }
  return found;
}

std::vector<Fields> lines(std::string_view text) {
  std::vector<Fields> found;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (Fields line = flatten(text.substr(from, end - from)); !line.empty()) found.push_back(std::move(line));
    from = end + 1;
  }
  return found;
}

}  // namespace rm::drill
