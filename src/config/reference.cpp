#include "config/reference.h"

#include <fmt/format.h>

#include <iterator>

#include "config/firms.h"
#include "config/param_value.h"
#include "config/settings.h"

namespace rm {
namespace {

using Out = std::back_insert_iterator<std::string>;

// '|' would end the cell of a table.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '|' ? std::string{"\\|"} : std::string{c};
  return out;
}

void row(Out out, std::string_view key, std::string_view allowed, std::string_view fallback,
         std::string_view sentence) {
  fmt::format_to(out, "| `{}` | {} | {} | {} |\n", key, cell(allowed), cell(fallback), cell(sentence));
}

void head(Out out) {
  fmt::format_to(out, "\n| key | allowed | default | what it does |\n|---|---|---|---|\n");
}

void row(Out out, const Param& param) {
  const std::string fallback = param.required               ? "required"
                               : param.default_text.empty() ? "none"
                                                            : fmt::format("`{}`", param.default_text);
  row(out, param.name,
      param.name == "firm" ? fmt::format("one of {}", fmt::join(known_firms(), ", ")) : allowed_text(param), fallback,
      param.sentence);
}

void settings(Out out, const SettingsTable& table) {
  fmt::format_to(out, "### {}\n\n{}\n",
                 table.section.empty() ? "top of the file" : fmt::format("`{}`", table.section), table.sentence);
  head(out);
  for (const Param& param : table.params) row(out, param);
  if (table.section == "logins") {
    row(out, "gateway", "the keys of `gateway`", "none", "Where the broker is, for a firm without a short name.");
  }
  if (table.section.empty() || table.section == "logins") {
    row(out, "accounts", "`all`, or a list of `{id: NUMBER}` and `{name: NAME}`", "`all`",
        "The accounts that are guarded; `all` is every active account of the login; an entry may have `rules:` of "
        "its own, whose keys "
        "replace those of the common rules for this account.");
  }
  fmt::format_to(out, "\n");
}

void rule(Out out, const RuleSpec& spec) {
  fmt::format_to(out, "### `rules.{}`\n\n{}\n", spec.name, spec.sentence);
  head(out);
  row(out, enabled_param());
  for (const Param& param : spec.params) row(out, param);
  fmt::format_to(out, "\n");
}

}  // namespace

std::string reference_markdown(std::span<const RuleSpec> registry) {
  std::string text;
  const Out out{text};
  for (const SettingsTable& table : settings_tables()) settings(out, table);
  fmt::format_to(out,
                 "### `notify`\n\nA program that is run with a sentence for a person, at each violation, "
                 "verification and escalation.\n");
  head(out);
  row(out, "command", "a list of a program and its arguments", "`[]`",
      "The program and its first arguments; the sentence is appended as the last one; no shell is involved.");
  fmt::format_to(out, "\n");
  for (const RuleSpec& spec : registry) rule(out, spec);
  return text;
}

}  // namespace rm
