#pragma once
// The calls that docs/api.md lists.
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

namespace sw::test {

/// "GET lines/*" of every row in the table of calls; the calls about the store itself are the shell's.
inline std::set<std::string> documented() {
  std::ifstream in(std::string(SW_TESTS_DIR) + "/../docs/api.md");
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::set<std::string> out;
  const std::regex row(R"(\n\| (`(GET|POST) [^|]*) \|)");
  const std::regex name(R"(`(?:(GET|POST) )?([^`]+)`)");
  for (auto it = std::sregex_iterator(text.begin(), text.end(), row); it != std::sregex_iterator(); ++it) {
    const std::string cell = (*it)[1];
    std::string method;
    std::string before;
    for (auto n = std::sregex_iterator(cell.begin(), cell.end(), name); n != std::sregex_iterator(); ++n) {
      if ((*n)[1].matched) method = (*n)[1];
      std::string path = (*n)[2];
      path = path.substr(0, path.find('?'));
      if (path.starts_with('/')) path = before.substr(0, before.rfind('/')) + path;
      before = path;
      path = std::regex_replace(path, std::regex(R"(\{\w+\})"), "*");
      out.insert(method + " " + path);
    }
  }
  return out;
}

}  // namespace sw::test
