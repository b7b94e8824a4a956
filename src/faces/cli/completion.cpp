#include "faces/cli/completion.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace sw::faces {
namespace {

std::string first_word(const std::string& words) {
  return words.substr(0, words.find(' '));
}

std::string second_word(const std::string& words) {
  const std::size_t space = words.find(' ');
  return space == std::string::npos ? std::string() : words.substr(space + 1);
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

/// "" -> the commands and groups; "pair" -> offer, accept, ...
std::map<std::string, std::vector<std::string>> words_by_path(const std::vector<Command>& table) {
  std::map<std::string, std::vector<std::string>> out;
  for (const Command& command : table) {
    const std::string first = first_word(command.words);
    const std::string second = second_word(command.words);
    auto& top = out[""];
    if (std::ranges::find(top, first) == top.end()) top.push_back(first);
    if (!second.empty()) out[first].push_back(second);
  }
  return out;
}

bool takes_a_file(const Argument& argument) {
  const auto named = [&](const char* word) { return argument.value == word || argument.name == word; };
  return named("FILE") || named("CARD") || named("VENUE");
}

std::string bash_case(const std::string& pattern, const std::string& words, bool files) {
  std::string out = "    '" + pattern + "') ";
  if (!words.empty()) out += "words='" + words + "' ";
  return out + (files ? "files=1 " : "") + ";;\n";
}

std::string bash_script(const std::vector<Command>& table) {
  const auto paths = words_by_path(table);
  std::string groups;
  std::string by_path;
  std::string by_option;
  for (const auto& [path, words] : paths) {
    if (!path.empty()) groups += (groups.empty() ? "" : "|") + path;
    by_path += bash_case(path, joined(words) + " --home --json --help", false);
  }
  for (const Command& command : table) {
    std::vector<std::string> words;
    bool files = false;
    for (const Argument& argument : command.arguments) {
      if (argument.kind == Argument::Kind::positional) {
        words.insert(words.end(), argument.choices.begin(), argument.choices.end());
        files = files || takes_a_file(argument);
        continue;
      }
      words.push_back(argument.name);
      if (argument.kind == Argument::Kind::flag) continue;
      by_option += bash_case(command.words + " " + argument.name, joined(argument.choices), takes_a_file(argument));
    }
    by_path += bash_case(command.words, joined(words) + " --home --json --help", files);
  }
  return "_stillwire() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= files= i w\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    w=${COMP_WORDS[i]}\n"
         "    case $w in --home) ((i++)); continue ;; -*) continue ;; esac\n"
         "    case $path in '') path=$w ;; " +
         groups +
         ") path=\"$path $w\"; break ;; *) break ;; esac\n"
         "  done\n"
         "  if [[ $prev == --home ]]; then COMPREPLY=($(compgen -d -- \"$cur\")); return; fi\n"
         "  case \"$path $prev\" in\n" +
         by_option + "    *) case $path in\n" + by_path +
         "    esac ;;\n"
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  if [[ $files ]]; then COMPREPLY+=($(compgen -f -- \"$cur\")); fi\n"
         "}\n"
         "complete -F _stillwire stillwire\n";
}

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out + "'";
}

std::string fish_option(const std::string& condition, const Argument& argument) {
  std::string out = "complete -c stillwire -n " + quoted(condition);
  if (argument.kind == Argument::Kind::positional) {
    if (!argument.choices.empty()) return out + " -a " + quoted(joined(argument.choices)) + "\n";
    return takes_a_file(argument) ? out + " -F\n" : std::string();
  }
  out += " -l " + argument.name.substr(2) + " -d " + quoted(argument.help);
  if (argument.kind == Argument::Kind::option) out += takes_a_file(argument) ? " -r -F" : " -x";
  if (!argument.choices.empty()) out += " -a " + quoted(joined(argument.choices));
  return out + "\n";
}

std::string fish_script(const std::vector<Command>& table) {
  const auto paths = words_by_path(table);
  const std::string seen = "__fish_seen_subcommand_from ";
  std::string out =
      "complete -c stillwire -f\n"
      "complete -c stillwire -l home -r -a '(__fish_complete_directories)' -d 'The home of the station'\n"
      "complete -c stillwire -l json -d 'Print the JSON of the API as it is'\n";
  std::set<std::string> groups;
  for (const Command& command : table) {
    const std::string first = first_word(command.words);
    const std::string second = second_word(command.words);
    std::string condition = seen + first;
    if (second.empty()) {
      out += "complete -c stillwire -n __fish_use_subcommand -a " + first + " -d " + quoted(command.help) + "\n";
    } else {
      if (groups.insert(first).second) out += "complete -c stillwire -n __fish_use_subcommand -a " + first + "\n";
      out += "complete -c stillwire -n " + quoted(condition + "; and not " + seen + joined(paths.at(first))) + " -a " +
             second + " -d " + quoted(command.help) + "\n";
      condition += "; and " + seen + second;
    }
    for (const Argument& argument : command.arguments) out += fish_option(condition, argument);
  }
  return out;
}

}  // namespace

std::string completion_script(const std::vector<Command>& table, const std::string& shell) {
  if (shell == "fish") return fish_script(table);
  const std::string script = bash_script(table);
  return shell == "zsh" ? "#compdef stillwire\nautoload -U +X bashcompinit && bashcompinit\n" + script : script;
}

}  // namespace sw::faces
