// needs: faces
// The served description names every call of docs/api.md, and no other; what it refers to is there.
#include "faces/api/openapi.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "support/api_doc.hpp"

namespace {

using namespace sw;
using nlohmann::json;

TEST(OpenApi, NamesTheCallsOfTheDocument) {
  const json document = json::parse(faces::openapi());
  EXPECT_EQ(document["openapi"], "3.1.0");
  std::set<std::string> described;
  for (const auto& [path, methods] : document["paths"].items()) {
    const std::string pattern = std::regex_replace(path.substr(1), std::regex(R"(\{\w+\})"), "*");
    for (const auto& [method, call] : methods.items()) described.insert((method == "get" ? "GET " : "POST ") + pattern);
  }
  auto listed = test::documented();
  listed.insert({"GET events", "GET openapi.json"});
  EXPECT_EQ(described, listed);
}

void expect_refs(const json& document, const json& part) {
  if (part.is_object() && part.contains("$ref")) {
    const std::string to = part["$ref"];
    ASSERT_TRUE(to.starts_with("#/")) << to;
    EXPECT_TRUE(document.contains(json::json_pointer(to.substr(1)))) << to;
  }
  if (!part.is_structured()) return;
  for (const json& inner : part) expect_refs(document, inner);
}

TEST(OpenApi, WhatItRefersToIsThere) {
  const json document = json::parse(faces::openapi());
  expect_refs(document, document);
}

}  // namespace
