namespace Vellarys.Assistant.Model;

/// <summary>Tells how the model is.</summary>
internal interface IModelHealth
{
    /// <summary>From memory; asks nobody.</summary>
    ModelHealth Current { get; }
}
