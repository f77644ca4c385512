using System.Text.Json.Nodes;
using Xunit;

namespace Vellarys.Tests.Api.Description;

public sealed class BreakingChangesTests
{
    private const string Old =
        """
        {
          "paths": {
            "/teams": {
              "get": {
                "x-permission": "teams.read",
                "parameters": [{ "name": "after", "in": "query" }],
                "responses": { "200": { "content": { "application/json": { "schema": {
                  "$ref": "#/components/schemas/Teams" } } } } }
              },
              "post": {
                "x-permission": "teams.manage",
                "requestBody": { "content": { "application/json": { "schema": {
                  "type": "object", "properties": { "name": { "type": "string" }, "note": { "type": "string" } },
                  "required": ["name"] } } } },
                "responses": { "201": {} }
              }
            }
          },
          "components": { "schemas": {
            "Teams": { "type": "object", "properties": {
              "items": { "type": "array", "items": { "$ref": "#/components/schemas/Team" } } } },
            "Team": { "type": "object", "properties": { "id": { "type": "string" }, "name": { "type": "string" } } }
          } }
        }
        """;

    [Theory]
    [InlineData("\"/teams\"", "\"/groups\"", "GET /teams: is gone|POST /teams: is gone")]
    [InlineData("\"post\"", "\"put\"", "POST /teams: is gone")]
    [InlineData("\"id\"", "\"key\"", "GET /teams: 200 items[].id is gone")]
    [InlineData(
        "\"id\": { \"type\": \"string\" }", "\"id\": { \"type\": \"integer\" }",
        "GET /teams: 200 items[].id was \"string\" and is \"integer\"")]
    [InlineData("\"201\"", "\"202\"", "POST /teams: answer 201 is gone")]
    [InlineData("teams.read", "teams.manage", "GET /teams: permission teams.read is teams.manage")]
    [InlineData(
        "\"in\": \"query\" }", "\"in\": \"query\", \"required\": true }",
        "GET /teams: parameter query after is required")]
    [InlineData(
        "[{ \"name\"", "[{ \"name\": \"zone\", \"in\": \"query\", \"required\": true }, { \"name\"",
        "GET /teams: parameter query zone is required")]
    [InlineData(
        "\"name\": \"after\"", "\"name\": \"before\"", "GET /teams: parameter query after is gone")]
    [InlineData("[\"name\"]", "[\"name\", \"note\"]", "POST /teams: body note is required")]
    [InlineData("\"note\"", "\"remark\"", "POST /teams: body note is gone")]
    public void Between_WhatBreaksAClient_IsNamed(string from, string to, string expected) =>
        Assert.Equal(expected.Split('|'), BreakingChanges.Between(Read(Old), Read(Old.Replace(from, to))));

    [Theory]
    [InlineData("\"id\"", "\"more\": { \"type\": \"string\" }, \"id\"")]
    [InlineData("[{ \"name\"", "[{ \"name\": \"limit\", \"in\": \"query\" }, { \"name\"")]
    [InlineData("\"/teams\"", "\"/more\": { \"get\": { \"responses\": {} } }, \"/teams\"")]
    [InlineData("[\"name\"]", "[]")]
    [InlineData("\"note\"", "\"more\": { \"type\": \"string\" }, \"note\"")]
    public void Between_WhatIsOnlyMore_IsNothing(string from, string to) =>
        Assert.Empty(BreakingChanges.Between(Read(Old), Read(Old.Replace(from, to))));

    private static JsonObject Read(string json) => JsonNode.Parse(json)!.AsObject();
}
