global using Kotodama.Testing;
global using Kotodama.Tests.Support;
global using Xunit;
