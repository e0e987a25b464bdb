global using Kotodama.Tests.Support;
global using Xunit;
