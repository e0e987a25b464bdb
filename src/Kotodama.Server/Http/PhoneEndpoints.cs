using System.Text.Json;
using System.Text.Json.Serialization;
using Kotodama.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Kotodama.Server.Http;

/// <summary>
/// How phones come in: <c>POST /api/phone</c> makes an invitation for the hub's own page to show, <c>GET /lan/root.crt</c> gives out the
/// root certificate, which is no secret.
/// </summary>
internal sealed class PhoneEndpoints(IPhoneInvitations? invitations)
{
    private const string HowTo = "kotodama --lan lets phones of the local network in.";

    public Task InviteAsync(HttpContext context)
    {
        // Who reads the answer may come in.
        context.Response.Headers.CacheControl = "no-store";
        if (invitations is null)
        {
            return Answers.RefuseAsync(
                context, StatusCodes.Status404NotFound, ErrorCode.NotFound, "this hub does not listen on the local network", HowTo);
        }

        try
        {
            return invitations.Invite() is { } invitation
                ? Answers.WriteAsync(context, StatusCodes.Status200OK, invitation, PhoneJson.Default.PhoneInvitation)
                : Answers.RefuseAsync(context, StatusCodes.Status409Conflict, ErrorCode.NotFound,
                    "this machine has no address on a local network", "Connect it to the network that the phone is in.");
        }
        catch (KotodamaException e)
        {
            return Answers.RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, e.Code, e.Message, e.Hint);
        }
    }

    public Task RootAsync(HttpContext context)
    {
        if (invitations?.RootCertificate is not { } root)
        {
            return Answers.RefuseAsync(
                context,
                StatusCodes.Status404NotFound,
                ErrorCode.NotFound,
                "this hub has no root certificate of its own",
                invitations is null ? HowTo : "Phones know the root of its certificate.");
        }

        // With this type phones offer to install it.
        var response = context.Response;
        response.ContentType = "application/x-x509-ca-cert";
        response.ContentLength = root.Length;
        response.Headers.ContentDisposition = new ContentDispositionHeaderValue("attachment") { FileName = "kotodama-root.crt" }.ToString();
        response.Headers.CacheControl = "no-store";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(root, context.RequestAborted).AsTask();
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PhoneInvitation))]
internal sealed partial class PhoneJson : JsonSerializerContext;
