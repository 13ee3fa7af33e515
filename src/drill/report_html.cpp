#include <fmt/format.h>

#include <iterator>

#include "drill/paper_config.h"
#include "drill/report.h"
#include "drill/timeline.h"

namespace rm::drill {
namespace {

constexpr std::string_view kHead = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Drill</title><style>
:root { color-scheme: light dark; --yes: #1a7f37; --no: #cf222e; --dim: #8888; --line: #8884 }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 75rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100%; font-size: 13px }
td, th { border-bottom: 1px solid var(--line); padding: .2rem .4rem; text-align: left; vertical-align: top }
.matrix td + td, .matrix th + th { text-align: right } .scroll { overflow-x: auto }
.yes { color: var(--yes) } .no { color: var(--no); font-weight: bold } .time { white-space: nowrap; text-align: right }
.where, .dim { color: color-mix(in srgb, currentColor 60%, transparent) }
svg { width: 100%; height: auto; margin: .5rem 0; font-size: 11px } svg text { fill: currentColor }
svg .lane { stroke: none } svg line.lane { stroke: currentColor } svg line.tick { stroke: var(--line) }
svg text.tick { text-anchor: middle; opacity: .7 } svg text.link { text-anchor: middle; font-weight: bold }
svg circle { fill: var(--yes) } svg line.arrow { stroke: var(--yes); stroke-dasharray: 3 2 }
section { margin-top: 2.5rem } summary { cursor: pointer } td.text { overflow-wrap: anywhere }
</style></head><body>
)";

class Page {
 public:
  std::string of(const Report& report) {
    out_ = kHead;
    put("<h1>Drill: {}</h1>\n<p class=\"{}\">{}</p>\n",
        report.proven() ? "every link of every rule is proven" : "NOT everything is proven",
        report.proven() ? "yes" : "no", escaped(report.verdict()));
    put("<p>Configuration {}, risk-manager {}, {}. Each rule was broken at a paper gateway, by the installed "
        "programs, "
        "on an account of its own, with all rules in force where nothing else is said. Times count from the moment "
        "at "
        "which the gateway sent what broke the rule.</p>\n",
        escaped(report.config_file), escaped(report.version), escaped(report.began));
    matrix(report);
    for (const RuleResult& rule : report.rules) section(rule);
    replaced();
    return std::move(out_) + "</body></html>\n";
  }

 private:
  template <class... Args>
  void put(fmt::format_string<Args...> format, Args&&... args) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Args>(args)...);
  }

  void matrix(const Report& report) {
    out_ += "<div class=\"scroll\"><table class=\"matrix\"><tr><th>rule</th>";
    for (const LinkName& link : link_names()) put("<th title=\"{}\">{}</th>", link.name, link.id);
    out_ += "</tr>\n";
    for (const RuleResult& rule : report.rules) {
      put("<tr><td><a href=\"#{0}-{1}\">{0}</a></td>", escaped(rule.rule), escaped(rule.account));
      for (const Evidence& evidence : rule.judgement.links) {
        const bool yes = rule.problem.empty() && evidence.proven;
        put("<td class=\"{}\" title=\"{}\">{}</td>", yes ? "yes" : "no", escaped(evidence_text(evidence)),
            !yes             ? "✗"
            : evidence.at_ns ? time_text(evidence.at_ns)
                             : "✓");
      }
      out_ += "</tr>\n";
    }
    out_ += "</table></div>\n";
  }

  void section(const RuleResult& rule) {
    const Judgement& judgement = rule.judgement;
    put("<section id=\"{0}-{1}\"><h2>{0}{2}</h2>\n<p>{3}</p>\n<p>Broken by: ", escaped(rule.rule),
        escaped(rule.account), rule.alone ? " (alone)" : "", escaped(judgement.sentence));
    for (std::size_t i = 0; i < rule.steps.size(); ++i) put("{}{}", i == 0 ? "" : "; ", escaped(rule.steps[i]));
    out_ += ".</p>\n";
    if (!rule.note.empty()) put("<p>Note: {}.</p>\n", escaped(rule.note));
    if (!rule.problem.empty()) put("<p class=\"no\">NOT DONE: {}</p>\n", escaped(rule.problem));
    if (!judgement.together.empty())
      put("<p>Broken by the same event: {}.</p>\n", escaped(fmt::format("{}", fmt::join(judgement.together, ", "))));
    if (!judgement.earlier.empty())
      put("<p>Broken before: {}.</p>\n", escaped(fmt::format("{}", fmt::join(judgement.earlier, ", "))));
    out_ += timeline_svg(judgement);
    links(judgement);
    story(judgement);
    out_ += "</section>\n";
  }

  void links(const Judgement& judgement) {
    out_ += "<table><tr><th></th><th>link</th><th></th><th>time</th><th>evidence</th></tr>\n";
    for (std::size_t i = 0; i < kLinks; ++i) {
      const Evidence& evidence = judgement.links[i];
      const LinkName& name = link_names()[i];
      put("<tr><td>{}</td><td title=\"{}\">{}</td><td class=\"{}\">{}</td><td class=\"time\">{}</td>"
          "<td class=\"text\">{} <span class=\"where\">{}</span></td></tr>\n",
          name.id, name.promise, name.name, evidence.proven ? "yes" : "no", evidence.proven ? "proven" : "NOT PROVEN",
          time_text(evidence.at_ns), escaped(evidence.text), escaped(evidence.where));
    }
    out_ += "</table>\n";
  }

  void story(const Judgement& judgement) {
    if (judgement.story.empty()) return;
    out_ += "<details><summary>What happened</summary><table>\n";
    for (const StoryLine& line : judgement.story)
      put("<tr><td class=\"time\">{}</td><td>{}</td><td class=\"text\">{}</td></tr>\n", time_text(line.at_ns),
          escaped(line.who), escaped(line.text));
    out_ += "</table></details>\n";
  }

  void replaced() {
    out_ += "<section><h2>Replaced for the drill</h2><ul>\n";
    for (const std::string_view setting : replaced_settings()) put("<li>{}</li>\n", escaped(setting));
    out_ += "</ul></section>\n";
  }

  std::string out_;
};

}  // namespace

std::string report_html(const Report& report) {
  return Page{}.of(report);
}

}  // namespace rm::drill
